import { expect, test } from 'vitest';
import { appError } from '#shared/errors/index.ts';
import { notifySite, value } from '../../../helpers/notify-area.ts';
import { problemOf } from '../../../helpers/notify-bench.ts';

const MINUTE = 60_000;

test('an outbox that takes nothing is told of, and gets each notice once when it does again', async () => {
  const { open, fill, advance, taken, trouble, ask, restart } = notifySite();
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
  const { open, end, advance, taken, remembered, deliver, ask, clock } = notifySite();
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
  const { open, advance, ask, events, restart } = notifySite();
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
  const { open, advance, ask, taken, clock } = notifySite();
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
  const { ask, clock } = notifySite();
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

test('a disk that takes nothing refuses in words, and what was open is told when it takes again', async () => {
  const { open, freeze, advance, ask, deliver, taken, trouble, clock } = notifySite();
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
