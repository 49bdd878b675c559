import { join } from 'node:path';
import type { Notice } from '#shared/contract/notice.ts';
import type { Problem } from '#shared/contract/site.ts';
import { consoleMigrations } from '../../main/engine/storage/console-migrations/index.ts';
import { openWritable, type WritableDb } from '../../main/engine/storage/sqlite.ts';

/** A moment of the tests: Sunday 2026-11-22 12:00 UTC. */
export const NOON = Date.UTC(2026, 10, 22, 12);

/** A problem of a built-in condition; what a test does not care about is filled in. */
export function aProblem(given: Partial<Problem> = {}): Problem {
  const severity = given.severity ?? 'critical';
  return {
    id: 'host_down:app-2',
    condition: 'host_down',
    severity,
    labels: { alertname: 'HostDown', host: 'app-2', severity },
    since: NOON - 60_000,
    until: null,
    sentence: { zh: '主机 app-2 停止应答', en: 'host app-2 does not answer' },
    next: { zh: '检查电源与网络', en: 'check power and network' },
    link: '/hosts/app-2',
    ...given,
  };
}

/** A notice of one group. */
export function aNotice(given: Partial<Notice> = {}): Notice {
  const alerts = given.alerts ?? [aProblem()];
  const firing = alerts.filter(({ until }) => until === null).length;
  return {
    id: 'n1',
    at: NOON,
    kind: firing > 0 ? 'firing' : 'resolved',
    groupKey: '{}:{alertname="HostDown"}',
    groupLabels: { alertname: 'HostDown' },
    commonLabels: { alertname: 'HostDown' },
    receiver: 'on duty',
    alerts,
    counts: { firing, resolved: alerts.length - firing, suppressed: 0 },
    title: { zh: '主机 app-2 停止应答', en: 'host app-2 does not answer' },
    text: { zh: '自 12:00 起。\n检查电源。', en: 'Since 12:00.\nCheck its power.' },
    link: '/alerts/host_down:app-2',
    ...given,
  };
}

/** The console's database in a folder, migrated. */
export function consoleDatabase(folder: string): WritableDb {
  const opened = openWritable(join(folder, 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'FULL',
  });
  if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.message.en}`);
  return opened.value;
}
