import type { ImportFinding } from '#shared/contract/dashboards.ts';
import type { Dashboard } from '#shared/domain/dashboard/model.ts';
import { grafanaJson } from './grafana/write.ts';

/** A dashboard as a file, and what Grafana has no place for. */
export function exportDashboard(
  dashboard: Dashboard,
  as: 'console' | 'grafana',
  language: 'zh' | 'en',
): { name: string; text: string; left: ImportFinding[] } {
  if (as === 'console')
    return {
      name: `${dashboard.uid}.dashboard.json`,
      text: `${JSON.stringify(dashboard, null, 2)}\n`,
      left: [],
    };
  const { json, left } = grafanaJson(dashboard, language);
  return { name: `${dashboard.uid}.grafana.json`, text: `${JSON.stringify(json, null, 2)}\n`, left };
}
