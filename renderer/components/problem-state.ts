import type { SiteStatus } from '#shared/contract/site.ts';
import type { StateName } from './state-badge.tsx';

/**
 * The worst of what is open, as a state; `null` is no status yet. Nothing is called normal before it was looked at: an engine that has
 * just started knows only the problems of before.
 */
export function problemState(status: Pick<SiteStatus, 'problems' | 'checkedAt'> | null): StateName {
  if (status === null) return 'unknown';
  if (status.problems.critical > 0) return 'critical';
  if (status.problems.warning > 0) return 'warning';
  return status.checkedAt === null ? 'unknown' : 'ok';
}
