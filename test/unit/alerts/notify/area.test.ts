import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CallContext, Handlers } from '#shared/contract/index.ts';
import type { Delivery, Notice, Recipient } from '#shared/contract/notice.ts';
import type { Problem } from '#shared/contract/site.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { createNotifyArea } from '../../../../main/engine/alerts/notify/area.ts';
import { NO_DEPENDENCIES } from '../../../../main/engine/alerts/notify/causes.ts';
import { DEFAULT_CONFIG } from '../../../../main/engine/alerts/notify/default-config.ts';
import { openHistory } from '../../../../main/engine/alerts/notify/history.ts';
import { createTracer } from '../../../../main/engine/alerts/notify/model.ts';
import { planNotices } from '../../../../main/engine/alerts/notify/plan.ts';
import { compileRouting } from '../../../../main/engine/alerts/notify/routing.ts';
import { openNotifyStore } from '../../../../main/engine/alerts/notify/store.ts';
import { consoleMigrations } from '../../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../../main/engine/storage/sqlite.ts';
import { fakeTime } from '../../../helpers/fake-time.ts';
import { EMPTY_STATE, NOON, problemOf } from '../../../helpers/notify-bench.ts';
import { silentLogger } from '../../../helpers/silent-logger.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

const MINUTE = 60_000;
const context: CallContext = {
  signal: new AbortController().signal,
  closed: new AbortController().signal,
  emit: () => undefined,
};

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message.en}`);
  return result.value;
}

/** The area over a real database, with an outbox that can be full and problems that a test opens. */
function site() {
  const file = join(temporaryFolder('notify-area'), 'console.db');
  const db = value(openWritable(file, { migrations: consoleMigrations, synchronous: 'FULL' }));
  const time = fakeTime(NOON);
  const problems = new Map<string, Problem>();
  const taken: { readonly notice: Notice; readonly recipients: readonly Recipient[] }[] = [];
  const events: string[] = [];
  let isFull = false;
  /** What the outbox remembers by itself. */
  const remembered: Delivery[] = [];
  let hear: (delivery: Delivery) => void = () => undefined;
  const make = () =>
    createNotifyArea({
      db,
      clock: time.clock,
      timers: time.timers,
      logger: silentLogger,
      broadcast: (event) => void events.push(event),
      problems: () => [...problems.values()],
      dependencies: NO_DEPENDENCIES,
      knownRules: () => [{ name: 'Never', rule: null, severity: null }],
      outbox: {
        enqueue: (notice, recipients) => {
          if (isFull) return err(appError('DISK_FULL', { file }));
          taken.push({ notice, recipients });
          return ok(undefined);
        },
        resolve: (targets) =>
          targets.flatMap((target) =>
            target.kind === 'channel' ? [{ channel: target.channel, to: null }] : [],
          ),
        isKnown: (target) => target.kind !== 'channel' || ['desktop', 'made'].includes(target.channel),
        channelName: (channel) => channel.toUpperCase(),
        makeChannel: async ({ kind }) =>
          kind === 'webhook' ? ok('made') : err(appError('NOT_FOUND', { what: kind, id: '' })),
        deliveries: () => remembered,
        onDelivery: (listener) => {
          hear = listener;
        },
      },
    });
  let area = make();
  area.start();
  return {
    ...time,
    taken,
    remembered,
    events,
    open: (problem: Problem) => void problems.set(problem.id, { ...problem, since: time.clock.now() }),
    end: (id: string) => void problems.delete(id),
    fill: (full: boolean) => {
      isFull = full;
    },
    deliver: (delivery: Delivery) => hear(delivery),
    /** The disk takes nothing any more, or does again. */
    freeze: (frozen: boolean) => void db.pragma(`query_only = ${frozen ? 1 : 0}`),
    trouble: () => area.trouble(),
    /** kill -9 and a new start. */
    restart: () => {
      area.close();
      area = make();
      area.start();
    },
    ask: async <N extends keyof Handlers & `notify.${string}`>(
      name: N,
      input: Parameters<Handlers[N]>[0],
    ): Promise<Awaited<ReturnType<Handlers[N]>>> =>
      (await (area.handlers[name] as unknown as Handlers[N])(input as never, context)) as Awaited<
        ReturnType<Handlers[N]>
      >,
  };
}

test('an outbox that takes nothing is told of, and gets each notice once when it does again', async () => {
  const { open, fill, advance, taken, trouble, ask, restart } = site();
  open(problemOf('a', { host: 'db-1' }));
  fill(true);
  advance(MINUTE);
  expect(taken).toEqual([]);
  expect(trouble()?.code).toBe('DISK_FULL');
  restart();
  advance(MINUTE);
  fill(false);
  advance(5_000);
  expect(taken.map(({ notice }) => notice.kind)).toEqual(['firing']);
  expect(trouble()).toBeNull();
  restart();
  advance(MINUTE);
  expect(taken).toHaveLength(1);
  const { entries } = value(await ask('notify.why', { id: 'a' }));
  expect(entries.map(({ kind }) => kind)).toEqual([
    'observed',
    'opened',
    'routed',
    'waiting',
    'notice',
    'failed',
    'restarted',
    'failed',
    'restarted',
  ]);
});

test('the story tells of deliveries, and the verdict sums it up', async () => {
  const { open, end, advance, taken, remembered, deliver, ask, clock } = site();
  expect((await ask('notify.why', { id: 'a' })).ok).toBe(false);
  open(problemOf('a', {}));
  advance(MINUTE);
  const notice = taken[0]?.notice.id ?? '';
  const recipient = { channel: 'desktop', to: null };
  deliver({
    notice,
    recipient,
    at: clock.now(),
    attempt: 1,
    state: 'retrying',
    error: appError('DISK_FULL', { file: 'x' }),
  });
  advance(1_000);
  deliver({ notice, recipient, at: clock.now(), attempt: 2, state: 'delivered', error: null });
  // The outbox remembers one that was noted and one that a power cut kept from us.
  const noted = { notice, recipient, at: clock.now(), attempt: 2, state: 'delivered' as const, error: null };
  remembered.push(noted, { ...noted, recipient: { channel: 'hook', to: null }, attempt: 1 });
  const story = value(await ask('notify.why', { id: 'a' }));
  remembered.length = 0;
  expect(story.entries.filter(({ kind }) => kind === 'delivery').map(({ text }) => text.zh)).toEqual([
    expect.stringContaining('DESKTOP：未送达，将重试（第 1 次）'),
    'DESKTOP：已送达（第 2 次）',
    'HOOK：已送达（第 1 次）',
  ]);
  expect(story.verdict.en).toContain('2 copies delivered');
  expect(story.view?.routes[0]?.next?.kind).toBe('escalation');
  end('a');
  advance(5 * MINUTE);
  const ended = value(await ask('notify.why', { id: 'a' }));
  expect(ended.view).toBeNull();
  expect(ended.record.problem.until).not.toBeNull();
  expect(ended.others).toHaveLength(1);
  const sent = value(await ask('notify.notices', { limit: 10 }));
  expect(sent.notices.map(({ notice: { kind }, deliveries }) => [kind, deliveries.length])).toEqual([
    ['resolved', 0],
    ['firing', 2],
  ]);
});

test('a full screen stays until somebody acknowledges, also over a restart', async () => {
  const { open, advance, ask, events, restart } = site();
  open(problemOf('a', {}));
  advance(12 * MINUTE);
  expect(events).toContain('notify.fullScreen');
  restart();
  expect(value(await ask('notify.fullScreen', {})).notices.map(({ kind }) => kind)).toEqual(['escalation']);
  value(await ask('notify.acknowledge', { ids: ['a', 'none'], by: 'Li', note: '', remindAfterMs: null }));
  expect(value(await ask('notify.fullScreen', {})).notices).toEqual([]);
  const { alerts } = value(await ask('notify.alerts', {}));
  expect(alerts.map(({ state, acknowledgement }) => [state, acknowledgement?.by])).toEqual([
    ['acknowledged', 'Li'],
  ]);
});

test('silences: previewed, refused when they mean everything, hiding, ended by hand', async () => {
  const { open, advance, ask, taken, clock } = site();
  open(problemOf('a', { host: 'db-1' }));
  open(problemOf('b', { host: 'db-2' }));
  advance(2_000);
  const matchers = [{ name: 'host', op: '=~' as const, value: 'db-1|db-9' }];
  expect(value(await ask('notify.silences.preview', { matchers }))).toMatchObject({
    total: 1,
    hosts: ['db-1'],
  });
  const endsAt = clock.now() + 60 * MINUTE;
  const who = { by: 'Li', comment: 'disk swap' };
  const refusals = [
    { matchers: [{ name: 'host', op: '=~' as const, value: '.*' }], endsAt },
    { matchers: [{ name: 'host', op: '=~' as const, value: '(' }], endsAt },
    { matchers, endsAt: clock.now() },
    { matchers, endsAt: clock.now() + 400 * 86_400_000 },
  ];
  const codes = await Promise.all(
    refusals.map(async (refused) => {
      const answer = await ask('notify.silences.create', { ...refused, ...who });
      return answer.ok ? 'taken' : answer.error.code;
    }),
  );
  expect(codes).toEqual(['NOTIFY_MATCHES_ALL', 'NOTIFY_EXPRESSION', 'NOTIFY_SPAN', 'NOTIFY_SILENCE_LONG']);
  const { silence } = value(await ask('notify.silences.create', { matchers, endsAt, ...who }));
  expect(silence).toMatchObject({ state: 'active', hides: 1 });
  advance(5 * MINUTE);
  expect(taken.map(({ notice }) => notice.alerts.map(({ id }) => id))).toEqual([['b']]);
  value(await ask('notify.silences.expire', { id: silence.id, by: 'Wang' }));
  expect(taken.at(-1)?.notice.kind).toBe('silence_ended');
  expect(value(await ask('notify.silences.list', { ended: false })).silences).toEqual([]);
  expect(value(await ask('notify.silences.list', { ended: true })).silences).toMatchObject([
    { state: 'ended', expiredBy: 'Wang' },
  ]);
});

test('maintenance: windows in the calendar, refused schedules', async () => {
  const { ask, clock } = site();
  const matchers = [{ name: 'host', op: '=' as const, value: 'db-1' }];
  const schedule = {
    kind: 'recurring' as const,
    cron: '0 2 * * 6#1',
    zone: 'Asia/Shanghai',
    durationMs: 3 * 60 * MINUTE,
    from: null,
    until: null,
  };
  const input = { name: 'patches', matchers, schedule, comment: '', enabled: true, by: 'Li' };
  const broken = await ask('notify.maintenance.put', {
    ...input,
    schedule: { ...schedule, cron: 'sometimes' },
  });
  expect(broken.ok ? '' : broken.error.code).toBe('NOTIFY_SCHEDULE');
  const { maintenance } = value(await ask('notify.maintenance.put', input));
  const { spans } = value(
    await ask('notify.maintenance.list', { from: clock.now(), to: clock.now() + 62 * 86_400_000 }),
  );
  // 2026-12-05 and 2027-01-02, 02:00 in Shanghai.
  expect(spans.map(({ from }) => new Date(from).toISOString())).toEqual([
    '2026-12-04T18:00:00.000Z',
    '2027-01-01T18:00:00.000Z',
  ]);
  expect(maintenance.next?.from).toBe(spans[0]?.from);
  value(await ask('notify.maintenance.remove', { id: maintenance.id }));
  expect(value(await ask('notify.maintenance.list', {})).maintenances).toEqual([]);
});

test('a configuration is taken whole, or refused with every mistake; nobody overwrites what another one changed', async () => {
  const { ask } = site();
  const { config, revision, isDefault } = value(await ask('notify.config.get', {}));
  expect(isDefault).toBe(true);
  const wrong = {
    ...config,
    route: { ...config.route, receiver: 'nobody-knows', groupBy: ['...', 'host'] },
    receivers: [
      ...config.receivers,
      {
        name: 'lost',
        targets: [{ kind: 'channel' as const, channel: 'gone', to: null }],
        sendResolved: true,
      },
    ],
  };
  const refused = value(await ask('notify.config.set', { config: wrong, revision, dryRun: false }));
  expect(refused.revision).toBeNull();
  expect(refused.problems.map(({ path }) => path)).toEqual([
    'receivers.3.targets.0',
    'route.receiver',
    'route.groupBy',
  ]);
  const better = { ...config, settings: { ...config.settings, historyDays: 30 } };
  const taken = value(await ask('notify.config.set', { config: better, revision, dryRun: false }));
  const late = await ask('notify.config.set', { config, revision, dryRun: false });
  expect(late.ok ? '' : late.error.code).toBe('NOTIFY_CONFIG_CHANGED');
  expect(value(await ask('notify.config.get', {}))).toMatchObject({
    revision: taken.revision,
    isDefault: false,
  });
  value(await ask('notify.config.reset', {}));
  expect(value(await ask('notify.config.get', {})).isDefault).toBe(true);
  const tested = value(await ask('notify.config.test', { labels: { severity: 'page' } }));
  expect(tested.routes.map(({ receiver }) => receiver)).toEqual(['desktop']);
});

test('an imported file makes its channels, and says what it could not make', async () => {
  const { ask } = site();
  const text = `global: {smtp_smarthost: 'relay:25', smtp_from: a@b}
route: {receiver: hook, routes: [{receiver: mail, match: {team: web}}]}
receivers:
- {name: hook, webhook_configs: [{url: 'http://127.0.0.1:9/'}]}
- {name: mail, email_configs: [{to: c@d}]}
`;
  const bad = value(
    await ask('notify.config.import', {
      fileName: 'a.yml',
      text: text.replace('match:', 'mtch:'),
      dryRun: false,
    }),
  );
  expect(bad).toMatchObject({ config: null, problems: [{ line: 2 }] });
  expect(value(await ask('notify.config.get', {})).isDefault).toBe(true);
  const read = value(await ask('notify.config.import', { fileName: 'a.yml', text, dryRun: false }));
  expect(read.channels.map(({ channel }) => channel)).toEqual(['made', null]);
  expect(read.leftOut.map(({ line }) => line)).toEqual([5]);
  const { config } = value(await ask('notify.config.get', {}));
  expect(config.receivers.map(({ targets }) => targets)).toEqual([
    [{ kind: 'channel', channel: 'made', to: null }],
    [{ kind: 'channel', channel: 'desktop', to: null }],
  ]);
});

test('history, its export, and statistics', async () => {
  const { open, end, advance, ask, clock } = site();
  for (let turn = 0; turn < 3; turn++) {
    open(
      problemOf(
        'a',
        { alertname: 'Down', host: '=cmd()' },
        { sentence: { zh: '主机“甲”，坏了', en: 'It, "a", is down' } },
      ),
    );
    advance(2 * MINUTE);
    if (turn === 1)
      value(await ask('notify.acknowledge', { ids: ['a'], by: 'Li', note: 'x', remindAfterMs: null }));
    end('a');
    advance(30 * MINUTE);
  }
  const span = { from: NOON, to: clock.now(), matchers: [] };
  const { records, total } = value(await ask('notify.history', { ...span, limit: 2, offset: 0 }));
  expect([records.length, total]).toEqual([2, 3]);
  expect(records[1]).toMatchObject({ acknowledgedBy: 'Li', notices: 2, openings: 1 });
  const csv = value(await ask('notify.history.export', { ...span, format: 'csv', locale: 'zh' }));
  expect(csv.rows).toBe(3);
  expect(csv.text.startsWith('\ufeff开始,结束,')).toBe(true);
  expect(csv.text).toContain('主机“甲”，坏了');
  // A spreadsheet must not run what an alert says.
  expect(csv.text).toContain(",'=cmd(),");
  const lines = value(await ask('notify.history.export', { ...span, format: 'ndjson', locale: 'en' })).text;
  expect(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).labels.alertname),
  ).toEqual(['Down', 'Down', 'Down']);
  const broken = { ...span, matchers: [{ name: 'host', op: '=~' as const, value: '(' }] };
  for (const answer of [
    await ask('notify.history', { ...broken, limit: 2, offset: 0 }),
    await ask('notify.history.export', { ...broken, format: 'csv', locale: 'zh' }),
  ])
    expect(answer).toMatchObject({ error: { code: 'NOTIFY_EXPRESSION', field: 'matchers.0.value' } });
  const { statistics, totals } = value(await ask('notify.statistics', { from: NOON, to: clock.now() }));
  expect(statistics.map(({ name, alerts, marks }) => [name, alerts, marks])).toEqual([
    ['Down', 3, []],
    ['Never', 0, ['never_fired']],
  ]);
  expect(totals).toMatchObject({ alerts: 3, notices: 6, acknowledged: 1, ignored: 2 });
  expect(totals.meanToResolveMs).toBeGreaterThan(110_000);
});

test('what is older than history is kept is forgotten, and nothing else', async () => {
  const { open, end, advance, ask, clock } = site();
  const { config, revision } = value(await ask('notify.config.get', {}));
  const short = { ...config, settings: { ...config.settings, historyDays: 1 } };
  value(await ask('notify.config.set', { config: short, revision, dryRun: false }));
  open(problemOf('old', { alertname: 'Old' }));
  open(problemOf('lasting', { alertname: 'Lasting' }));
  advance(2 * MINUTE);
  end('old');
  advance(26 * 60 * MINUTE);
  const { records } = value(
    await ask('notify.history', { from: 0, to: clock.now(), matchers: [], limit: 10, offset: 0 }),
  );
  expect(records.map(({ problem }) => problem.id)).toEqual(['lasting']);
  expect((await ask('notify.why', { id: 'old' })).ok).toBe(false);
  expect(value(await ask('notify.why', { id: 'lasting' })).entries[0]?.kind).toBe('observed');
}, 60_000);

test('a disk that takes nothing refuses in words, and what was open is told when it takes again', async () => {
  const { open, freeze, advance, ask, deliver, taken, trouble, clock } = site();
  freeze(true);
  open(problemOf('a', { host: 'db-1' }));
  advance(2 * MINUTE);
  expect(trouble()?.code).toBe('READ_ONLY');
  deliver({
    notice: 'n',
    recipient: { channel: 'desktop', to: null },
    at: clock.now(),
    attempt: 1,
    state: 'delivered',
    error: null,
  });
  const matchers = [{ name: 'host', op: '=' as const, value: 'db-1' }];
  const silence = { matchers, endsAt: clock.now() + MINUTE, by: 'Li', comment: 'x' };
  const refused = await ask('notify.silences.create', silence);
  expect(refused.ok ? '' : refused.error.code).toBe('READ_ONLY');
  expect(value(await ask('notify.silences.list', { ended: true })).silences).toEqual([]);
  const { config, revision } = value(await ask('notify.config.get', {}));
  const kept = await ask('notify.config.set', { config, revision, dryRun: false });
  expect(kept.ok ? '' : kept.error.code).toBe('READ_ONLY');
  expect(taken).toEqual([]);
  freeze(false);
  advance(MINUTE);
  expect(taken.map(({ notice }) => notice.kind)).toEqual(['firing']);
  expect(trouble()).toBeNull();
});

test('of a very long story the first and the last entries are kept', () => {
  const file = join(temporaryFolder('notify-story'), 'console.db');
  const db = value(openWritable(file, { migrations: consoleMigrations, synchronous: 'FULL' }));
  const store = openNotifyStore(db);
  const alert = { ...problemOf('a', {}), since: NOON };
  const planned = planNotices(EMPTY_STATE, {
    now: NOON,
    problems: [alert],
    routing: compileRouting(DEFAULT_CONFIG, 1),
    silences: [],
    maintenances: [],
    dependencies: NO_DEPENDENCIES,
    newId: () => 'n',
  });
  store.save(EMPTY_STATE, { ...planned, trace: [] }, []);
  const { trace, entries } = createTracer(NOON);
  for (let nth = 0; nth < 3_000; nth++)
    trace({ id: 'a', since: NOON }, { kind: 'opened', text: { zh: String(nth), en: String(nth) } });
  store.addTrace(entries);
  store.forget(0);
  const story = openHistory(db)
    .story('a', NOON)
    .map(({ text }) => Number(text.en));
  expect([story.length, story[0], story[249], story[250], story.at(-1)]).toEqual([
    1_000, 0, 249, 2_250, 2_999,
  ]);
});
