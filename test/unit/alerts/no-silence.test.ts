import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ChannelHealth } from '#shared/contract/channels.ts';
import { type Host, scrapeConfigSchema, type Target } from '#shared/contract/hosts.ts';
import type { Job } from '#shared/contract/jobs.ts';
import type { LiveGroup, LiveRule } from '#shared/contract/rules.ts';
import { appError } from '#shared/errors/index.ts';
import { createAlertsArea } from '../../../main/engine/alerts/area.ts';
import { BUILT_IN, type FoundProblem } from '../../../main/engine/alerts/built-in.ts';
import { emptySnapshot, findProblems, type SiteSnapshot } from '../../../main/engine/alerts/conditions.ts';
import { watchMissedRuns } from '../../../main/engine/alerts/rule-health.ts';
import { watchErrors } from '../../../main/engine/platform/error-watch.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const NOW = Date.UTC(2026, 10, 22, 3);
const HOUR = 3_600_000;
const GB = 1024 ** 3;

const found = (change: Partial<SiteSnapshot>): readonly FoundProblem[] =>
  findProblems({ ...emptySnapshot(NOW), ...change });
const alertnames = (change: Partial<SiteSnapshot>) => found(change).map(({ labels }) => labels.alertname);

test('docs/no-silence.md names every condition with its alertname, and no other', () => {
  const page = readFileSync(new URL('../../../docs/no-silence.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| `([a-z_]+)` \| `([A-Za-z]+)` \|/gm)].map(([, condition, name]) => [
    condition,
    name,
  ]);
  const real = Object.entries(BUILT_IN).map(([condition, { alertname }]) => [condition, alertname]);
  expect(listed.toSorted()).toEqual(real.toSorted());
});

test('a scrape job that nobody can read is told, with what to do', () => {
  const error = appError('SCRAPE_JOB_UNREADABLE', { name: 'node', field: 'settings.job' });
  expect(found({ unreadableJobs: [{ name: 'node', error }] })).toMatchObject([
    {
      severity: 'warning',
      labels: { alertname: 'ScrapeJobUnreadable', job: 'node' },
      next: { zh: expect.stringContaining('重新导入') },
      link: '/hosts/jobs',
    },
  ]);
});

const rule: LiveRule = {
  kind: 'alerting',
  name: 'Odd',
  expr: 'x',
  labels: {},
  annotations: {},
  forMs: 0,
  keepFiringForMs: 0,
  health: 'ok',
  state: 'inactive',
  lastEvaluation: NOW,
  evaluationMs: 1,
  lastError: null,
  alerts: [],
};
const group = (change: Partial<LiveGroup> = {}, ruleChange: Partial<LiveRule> = {}): LiveGroup => ({
  file: 'a.yml',
  name: 'g',
  intervalMs: 15_000,
  limit: 0,
  lastEvaluation: NOW,
  evaluationMs: 1,
  missed: 0,
  totals: { rounds: 1, evaluations: 1, failures: 0 },
  rules: [{ ...rule, ...ruleChange }],
  ...change,
});

test('a rule that fails is told with why, and apart by the kind of its failure', () => {
  const failing = (lastError: string) =>
    found({ ruleGroups: [group({}, { health: 'err', lastError })] })[0]?.labels;
  expect(failing('exceeded limit of 1 with 2 alerts')).toMatchObject({
    alertname: 'RuleFailing',
    severity: 'warning',
    file: 'a.yml',
    group: 'g',
    rule: 'Odd',
    reason: 'limit',
  });
  expect(failing('the rule took longer than 30 s')).toMatchObject({ reason: 'timeout' });
  expect(failing('many-to-many matching not allowed')).toMatchObject({ reason: 'error' });
  const sight = { state: 'error' as const, since: NOW, told: false, lost: [] };
  expect(alertnames({ ruleGroups: [group({}, { health: 'err', lastError: 'x', sight })] })).toEqual([]);
});

test('a rule that sees nothing is told unless its policy says otherwise; what broke is worse than what never was', () => {
  const sight = (state: 'ok' | 'no_data' | 'stale', told = true) =>
    found({ ruleGroups: [group({}, { sight: { state, since: NOW, told, lost: [] } })] }).map(
      ({ labels, severity }) => [labels.alertname, labels.reason, severity],
    );
  expect(sight('ok')).toEqual([]);
  expect(sight('no_data')).toEqual([['RuleBlind', 'no_data', 'info']]);
  expect(sight('stale')).toEqual([['RuleBlind', 'stale', 'warning']]);
  expect(sight('stale', false)).toEqual([]);
  const lost = ['a', 'b', 'c', 'd'].map((host) => ({ alertname: 'Hot', host }));
  const ended = found({
    ruleGroups: [group({}, { sight: { state: 'stale', since: NOW, told: true, lost } })],
  });
  expect(ended[0]?.sentence.en).toMatch(/^4 alerts of rule .* ended because .*: a; b; c …$/);
});

test('a group that skips evaluations or begins none any more is told', () => {
  const missed = watchMissedRuns();
  expect(missed([group({ missed: 3 })], NOW)).toEqual([]);
  const skipped = missed([group({ missed: 5 })], NOW + 5_000);
  expect(skipped).toMatchObject([{ count: 2 }]);
  expect(found({ ruleGroups: [group()], missedRuns: skipped })[0]?.sentence.en).toContain(
    'skipped 2 evaluations',
  );
  expect(missed([group({ missed: 5 })], NOW + 11 * 60_000)).toEqual([]);
  expect(alertnames({ ruleGroups: [group({ lastEvaluation: NOW - 60_000 })] })).toEqual([]);
  expect(alertnames({ ruleGroups: [group({ lastEvaluation: NOW - 90_000 })] })).toEqual(['RuleGroupLate']);
  expect(alertnames({ ruleFileFaults: [{ file: 'b.yml', why: 'x' }] })).toEqual(['RuleFileUnreadable']);
});

test('the disk of the data folder is judged by what is left, small disks by their share', () => {
  const disk = (freeBytes: number, totalBytes: number) =>
    found({ disk: { freeBytes, totalBytes, daysLeft: null } }).map(({ severity }) => severity);
  expect(disk(60 * GB, 1000 * GB)).toEqual([]);
  expect(disk(40 * GB, 1000 * GB)).toEqual(['warning']);
  expect(disk(20 * GB, 1000 * GB)).toEqual(['critical']);
  expect(disk(0.5 * GB, 4 * GB)).toEqual([]);
  expect(disk(0.3 * GB, 4 * GB)).toEqual(['warning']);
});

test('crashes, a clock that is set and an API that does not listen are told', () => {
  const crashed = (...ago: number[]) =>
    found({ life: { crashes: ago.map((ms) => NOW - ms), clockBack: null } }).map(({ severity }) => severity);
  expect(crashed(25 * HOUR)).toEqual([]);
  expect(crashed(HOUR)).toEqual(['warning']);
  expect(crashed(3 * HOUR, 2 * HOUR, HOUR)).toEqual(['critical']);
  const back = { at: NOW - HOUR, byMs: 120_000 };
  expect(found({ life: { crashes: [], clockBack: back } })[0]?.labels).toMatchObject({
    alertname: 'ClockJumped',
    direction: 'back',
  });
  const gap = { from: NOW - 2 * HOUR, to: NOW - HOUR, reason: 'clock_jump' as const };
  expect(alertnames({ gaps: [gap] })).toEqual(['ClockJumped', 'NotWatched']);
  expect(alertnames({ apiError: appError('API_PORT_IN_USE', { address: '127.0.0.1:1' }) })).toEqual([
    'ApiDown',
  ]);
});

const job: Job = {
  id: 'j',
  kind: 'copy',
  title: { zh: '复制', en: 'Copy core' },
  state: 'failed',
  startedAt: NOW - HOUR,
  endedAt: NOW - HOUR,
  progress: null,
  error: appError('DISK_FULL', { file: '/x' }),
  result: null,
  link: '/backups/core',
  canPause: false,
};

test('a job that failed is told until it is done again; those that other conditions tell of are not told twice', () => {
  expect(found({ jobs: [job] })[0]?.labels).toMatchObject({ alertname: 'JobFailed', kind: 'copy' });
  expect(
    alertnames({ jobs: [job, { ...job, id: 'k', state: 'running', startedAt: NOW, endedAt: null }] }),
  ).toEqual([]);
  expect(alertnames({ jobs: [{ ...job, kind: 'backup' }] })).toEqual([]);
  expect(alertnames({ jobs: [{ ...job, state: 'cancelled' }] })).toEqual([]);
  expect(alertnames({ jobs: [{ ...job, endedAt: NOW - 25 * HOUR }] })).toEqual([]);
});

test('copies and media that cannot be counted on are told', () => {
  const copy = { pointId: 'p', plan: 'core', place: 'HMTT-01' };
  expect(
    found({
      badCopies: [
        { ...copy, state: 'broken' },
        { ...copy, pointId: 'q', state: 'missing' },
      ],
    }),
  ).toMatchObject([
    {
      labels: { alertname: 'CopyBroken', plan: 'core', place: 'HMTT-01' },
      sentence: { en: expect.stringContaining('2 copies') },
    },
  ]);
  const medium = {
    id: 'm',
    label: 'HMTT-01',
    pool: 'default',
    state: 'overdue' as const,
    root: null,
    location: 'safe',
    createdAt: 0,
    lastSeenAt: null,
    lastCopiedAt: null,
    dueAt: NOW - 48 * HOUR,
    freeBytes: null,
    totalBytes: null,
    points: 0,
    problem: null,
  };
  expect(alertnames({ media: [medium, { ...medium, state: 'absent' }] })).toEqual(['MediumOverdue']);
  expect(alertnames({ media: [{ ...medium, state: 'damaged' }] })).toEqual(['MediumDamaged']);
});

test('a channel that does not deliver, and notices that nobody gets, are told', () => {
  const mail: ChannelHealth = {
    channel: 'm',
    name: 'mail',
    type: 'smtp',
    enabled: true,
    state: 'ok',
    lastSuccessAt: NOW,
    lastErrorAt: null,
    lastError: null,
    failures: 0,
    failingSince: null,
    nextAttemptAt: null,
    queued: 0,
    oldestAt: null,
    delivered: 1,
    failed: 2,
    dropped: 0,
    lastLostAt: null,
    problem: null,
  };
  expect(alertnames({ channels: [mail] })).toEqual([]);
  const problem = { error: appError('DISK_FULL', { file: '/x' }), since: NOW - HOUR, critical: true };
  expect(found({ channels: [{ ...mail, problem }] })).toMatchObject([
    {
      severity: 'critical',
      since: NOW - HOUR,
      labels: { alertname: 'ChannelFailing', channel: 'mail', type: 'smtp' },
    },
  ]);
  expect(alertnames({ channels: [{ ...mail, lastLostAt: NOW - HOUR }] })).toEqual(['NoticesLost']);
  expect(alertnames({ channels: [{ ...mail, lastLostAt: NOW - 25 * HOUR }] })).toEqual([]);
});

test('errors that are only logged are told for an hour, the same ones once', () => {
  const time = fakeTime(NOW);
  const { logger, errors } = watchErrors(silentLogger, time.clock);
  const part = logger.child('backup');
  part.log('warn', 'no matter');
  part.log('error', 'a scheduled run did not start', { plan: 'core', code: 'BUSY' });
  time.advance(60_000);
  part.log('error', 'a scheduled run did not start', { plan: 'core', code: 'BUSY' });
  expect(errors()).toEqual([
    {
      part: 'backup',
      message: 'a scheduled run did not start',
      code: 'BUSY',
      detail: 'BUSY',
      count: 2,
      firstAt: NOW,
    },
  ]);
  expect(found({ loggedErrors: errors() })[0]?.labels).toMatchObject({
    alertname: 'EngineError',
    part: 'backup',
  });
  time.advance(HOUR + 1);
  expect(errors()).toEqual([]);
});

test('what cannot be looked at is told, and what was known of it stands', async () => {
  const path = `${temporaryFolder()}/console.db`;
  const db = openWritable(path, { migrations: consoleMigrations, synchronous: 'FULL' });
  if (!db.ok) throw new Error(db.error.message.en);
  const time = fakeTime(NOW);
  const area = createAlertsArea({ db: db.value, ...time, logger: silentLogger, broadcast: () => undefined });
  let site: () => Promise<SiteSnapshot> = async () => ({
    ...emptySnapshot(NOW),
    seriesDamage: [appError('METRICS_HEAD_DAMAGED', { file: 'x', why: 'y' })],
    jobs: [job],
  });
  const names = () =>
    area
      .problems()
      .map(({ labels }) => labels.alertname)
      .toSorted();
  area.start(
    () => site(),
    () => true,
  );
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  await settle();
  expect(names()).toEqual(['JobFailed', 'SeriesDamage']);

  // One part cannot be read; the list of jobs began anew.
  site = async () => ({ ...emptySnapshot(time.clock.now()), unread: [{ part: 'series', why: 'x' }] });
  time.advance(5_000);
  await settle();
  expect(names()).toEqual(['JobFailed', 'SelfCheckFailed', 'SeriesDamage']);

  // Nothing can be read.
  site = async () => {
    throw new Error('no');
  };
  time.advance(5_000);
  await settle();
  expect(names()).toEqual(['JobFailed', 'SelfCheckFailed', 'SelfCheckFailed', 'SeriesDamage']);

  // A look that never ends.
  site = () => new Promise(() => undefined);
  time.advance(5_000);
  await settle();
  time.advance(60_000);
  await settle();
  expect(area.problems().find(({ id }) => id === 'self_check_failed:console')?.sentence.en).toContain('60 s');

  site = async () => ({ ...emptySnapshot(time.clock.now()), jobs: [{ ...job, id: 'k', state: 'done' }] });
  time.advance(5_000);
  await settle();
  expect(names()).toEqual([]);
  area.close();
  db.value.close();
});

test('a target that was down and whose host dies has not ended; it ends when it answers or nobody wants it any more', async () => {
  const db = openWritable(`${temporaryFolder()}/console.db`, {
    migrations: consoleMigrations,
    synchronous: 'FULL',
  });
  if (!db.ok) throw new Error(db.error.message.en);
  const time = fakeTime(NOW);
  const area = createAlertsArea({ db: db.value, ...time, logger: silentLogger, broadcast: () => undefined });
  const config = scrapeConfigSchema.parse({ job: 'node', address: '10.0.0.2:9100' });
  const lastError = appError('SCRAPE_TIMEOUT', { seconds: 10 });
  const target = (id: string, fails: boolean) =>
    ({ id, hostId: 'h', config, lastScrapeAt: NOW, lastError: fails ? lastError : null }) as Target;
  const host = { id: 'h', name: 'app', address: '10.0.0.2', tier: 'other', labels: {} } as Host;
  let site = emptySnapshot(NOW);
  area.start(
    async () => site,
    () => true,
  );
  await new Promise((resolve) => setImmediate(resolve));
  const look = async (state: Host['state'], targets: readonly Target[]): Promise<readonly string[]> => {
    const hosts = [{ ...host, state, stateSince: NOW, lastError: null }];
    site = { ...emptySnapshot(NOW), hosts, targets };
    await area.look();
    return area.problems().map(({ id }) => id);
  };
  expect(await look('up', [target('a', true), target('b', false)])).toEqual(['target_down:a']);
  expect(await look('down', [target('a', true), target('b', true)])).toEqual([
    'host_down:h',
    'target_down:a',
  ]);
  expect(await look('up', [target('a', true), target('b', false)])).toEqual(['target_down:a']);
  expect(await look('down', [target('b', true)])).toEqual(['host_down:h']);
  area.close();
  db.value.close();
});
