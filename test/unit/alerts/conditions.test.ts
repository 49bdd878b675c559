import { expect, test } from 'vitest';
import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import { type Host, scrapeConfigSchema, type Target } from '#shared/contract/hosts.ts';
import { appError } from '#shared/errors/index.ts';
import { emptySnapshot, findProblems, type SiteSnapshot } from '../../../main/engine/alerts/conditions.ts';

const NOW = Date.UTC(2026, 10, 22, 3);
const HOUR = 3_600_000;

const calm: SiteSnapshot = {
  ...emptySnapshot(NOW),
  disk: { freeBytes: 5e10, totalBytes: 1e11, daysLeft: null },
};

const host: Host = {
  id: 'app-2',
  name: 'app-2',
  address: '10.0.0.2',
  tier: 'business',
  labels: {},
  thisWorkstation: false,
  state: 'up',
  stateSince: NOW - HOUR,
  targets: 2,
  targetsUp: 2,
  lastSeenAt: NOW,
  lastError: null,
};

const plan: SiteSnapshot['plans'][number] = {
  ...backupPlanInputSchema.parse({ name: 'core', sources: ['/srv'], targetDir: '/backup', rpoMs: HOUR }),
  id: 'p',
  createdAt: NOW - 48 * HOUR,
  nextRunAt: null,
  nextRunType: null,
  points: 0,
  lastPointAt: null,
  lastVerifiedAt: null,
  lastError: null,
};

const found = (change: Partial<SiteSnapshot>) => findProblems({ ...calm, ...change });
const conditions = (change: Partial<SiteSnapshot>) => found(change).map((problem) => problem.condition);

test('a calm site has no problem', () => {
  expect(found({ hosts: [host] })).toEqual([]);
});

test('a dead host is critical, with since when, why, and what to do, in both languages', () => {
  const lastError = appError('ENGINE_GONE');
  const [problem] = found({ hosts: [{ ...host, state: 'down', lastError }] });
  expect(problem).toMatchObject({
    condition: 'host_down',
    severity: 'critical',
    since: NOW - HOUR,
    link: '/hosts/app-2',
    labels: {
      alertname: 'HostDown',
      severity: 'critical',
      host: 'app-2',
      instance: '10.0.0.2',
      tier: 'business',
    },
  });
  expect(problem?.sentence.zh).toContain('app-2');
  expect(problem?.sentence.zh).toContain(lastError.message.zh);
  expect(problem?.next).toEqual(lastError.hint);
});

const target: Target = {
  id: 't',
  hostId: 'app-2',
  url: 'http://10.0.0.2:9100/metrics',
  config: scrapeConfigSchema.parse({ job: 'node', address: '10.0.0.2:9100' }),
  health: 'up',
  lastScrapeAt: NOW,
  lastDurationMs: 1,
  lastSamples: 1,
  lastError: null,
};

test('a failing target of a living host is a warning of its own; a host nobody watched is no problem by itself', () => {
  const lastError = appError('SCRAPE_TIMEOUT', { seconds: 10 });
  const problems = found({ hosts: [host], targets: [target, { ...target, id: 'u', lastError }] });
  expect(problems).toMatchObject([
    {
      condition: 'target_down',
      labels: { alertname: 'TargetDown', host: 'app-2', job: 'node', instance: '10.0.0.2:9100' },
    },
  ]);
  expect(problems[0]?.sentence.zh).toContain(lastError.message.zh);
  expect(conditions({ hosts: [{ ...host, state: 'not_watched', targetsUp: 0 }] })).toEqual([]);
});

test('what was scraped and cannot be stored is one problem of the console, not of the hosts', () => {
  const lastError = appError('DISK_FULL', { file: '/data' });
  const targets = ['a', 'b', 'c'].map((id) => ({ ...target, id, lastError }));
  expect(found({ hosts: [host], targets })).toMatchObject([
    {
      condition: 'samples_not_stored',
      severity: 'critical',
      sentence: { en: expect.stringContaining('3 targets') },
    },
  ]);
});

test('a target that nobody asks any more is told, whatever its last answer was', () => {
  const lastScrapeAt = NOW - 10 * 60_000;
  expect(found({ hosts: [host], targets: [{ ...target, lastScrapeAt }] })).toMatchObject([
    { condition: 'scrape_late', severity: 'critical', since: lastScrapeAt },
  ]);
  const slow = { ...target, lastScrapeAt, config: { ...target.config, intervalMs: 3_600_000 } };
  expect(conditions({ hosts: [host], targets: [slow] })).toEqual([]);
});

test('space is judged by what is left, worst first', () => {
  const fs = (mountpoint: string, availBytes: number) => ({
    host: 'db-1',
    hostId: 'db-1',
    mountpoint,
    availBytes,
    sizeBytes: 100,
  });
  const problems = found({ filesystems: [fs('/', 50), fs('/var', 8), fs('/srv', 2)] });
  expect(problems.map((problem) => [problem.severity, problem.id])).toEqual([
    ['critical', 'disk_full:db-1:/srv'],
    ['warning', 'disk_full:db-1:/var'],
  ]);
});

test('a disk that will be full within a day is told in hours', () => {
  const [problem] = found({ disk: { ...calm.disk, daysLeft: 0.25 } });
  expect(problem?.sentence.zh).toContain('6 小时后写满');
  expect(conditions({ disk: { ...calm.disk, daysLeft: 3 } })).toEqual([]);
});

test('a plan that never ran or failed is told apart', () => {
  const judged = (state: 'never' | 'late' | 'ok') => ({
    plans: [plan],
    confidence: [
      {
        plan: 'core',
        dataClass: 'core' as const,
        lastPointAt: null,
        lastVerifiedAt: NOW - 5 * HOUR,
        rpoMs: HOUR,
        state,
      },
    ],
  });
  expect(conditions(judged('never'))).toEqual(['backup_never_ran']);
  expect(conditions(judged('ok'))).toEqual([]);
  expect(conditions({ plans: [{ ...plan, lastError: appError('DISK_FULL', { file: '/backup' }) }] })).toEqual(
    ['backup_failed'],
  );
});

test('an absent medium is not a damaged point', () => {
  const point = { id: 'x', plan: 'core', verifyError: null, finishedAt: NOW };
  expect(found({ points: [{ ...point, state: 'missing' }] })[0]).toMatchObject({
    severity: 'warning',
    condition: 'point_missing',
  });
  expect(found({ points: [{ ...point, state: 'broken' }] })[0]).toMatchObject({
    severity: 'critical',
    condition: 'point_broken',
  });
});

test('blind time is told for a day, and only the latest', () => {
  const gap = (from: number, to: number) => ({ from, to, reason: 'crashed' as const });
  const problems = found({ gaps: [gap(NOW - 5 * HOUR, NOW - 4 * HOUR), gap(NOW - 2 * HOUR, NOW - HOUR)] });
  expect(problems.map((problem) => [problem.severity, problem.since])).toEqual([['info', NOW - 2 * HOUR]]);
  expect(conditions({ gaps: [gap(NOW - 50 * HOUR, NOW - 49 * HOUR)] })).toEqual([]);
});

test('the identity of a problem does not change while its words do', () => {
  const at = (avail: number) =>
    found({
      filesystems: [{ host: 'h', hostId: null, mountpoint: '/', availBytes: avail, sizeBytes: 1000 }],
    })[0];
  expect(at(80)?.id).toBe(at(40)?.id);
  expect(at(80)?.sentence.en).not.toBe(at(40)?.sentence.en);
});

test('a check that fails goes on being an alert when its host dies: it has not recovered', () => {
  const check = {
    id: 'c',
    hostId: 'app-2',
    name: 'login',
    enabled: true,
    state: 'critical',
    since: NOW - HOUR,
    last: null,
    what: { kind: 'tcp' },
  } as unknown as SiteSnapshot['checks'][number];
  expect(conditions({ hosts: [{ ...host, state: 'down' }], checks: [check] })).toEqual([
    'host_down',
    'check_failing',
  ]);
});
