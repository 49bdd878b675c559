import { expect, test } from 'vitest';
import { type Channel, channelSchema } from '#shared/contract/channels.ts';
import type { Delivery } from '#shared/contract/notice.ts';
import { appError } from '#shared/errors/index.ts';
import { createOutbox, type Outbox } from '../../../main/engine/channels/outbox.ts';
import { MOST_WAITING, openOutboxStore } from '../../../main/engine/channels/outbox-store.ts';
import { type Copy, later, never, type SendOutcome } from '../../../main/engine/channels/sender.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { aNotice, aProblem, consoleDatabase, NOON } from '../../helpers/notices.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const hook = (id: string): Channel =>
  channelSchema.parse({ id, name: id, settings: { type: 'webhook', url: 'http://127.0.0.1:9/' } });
const mail: Channel = channelSchema.parse({
  id: 'mail',
  name: 'mail',
  settings: { type: 'smtp', host: 'relay', from: 'hmtt@site.test', to: ['a@site.test', 'b@site.test'] },
});

/** An outbox over a real database, whose senders a test answers by hand. */
function bench(channels: readonly Channel[] = [hook('one')], folder = temporaryFolder()) {
  const time = fakeTime(NOON);
  const db = consoleDatabase(folder);
  const store = openOutboxStore(db);
  const under: {
    readonly copy: Copy;
    readonly channel: string;
    readonly answer: (outcome: SendOutcome) => void;
  }[] = [];
  const sent: string[] = [];
  const said: Delivery[] = [];
  const outbox: Outbox = createOutbox({
    store,
    channels: () => channels,
    send: (channel, copy) =>
      new Promise((resolve) => {
        sent.push(`${channel.id} ${copy.notice.id}${copy.to === null ? '' : ` ${copy.to}`}`);
        under.push({
          copy,
          channel: channel.id,
          answer: (outcome) => {
            under.splice(
              under.findIndex((one) => one.copy === copy),
              1,
            );
            resolve(outcome);
          },
        });
      }),
    hasDesktop: () => false,
    clock: time.clock,
    timers: time.timers,
    logger: silentLogger,
    random: () => 0,
    delivered: (delivery) => said.push(delivery),
    changed: () => undefined,
    sending: true,
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = async (ms: number): Promise<void> => {
    time.advance(ms);
    await settle();
  };
  const answer = async (outcome: SendOutcome): Promise<void> => {
    under[0]?.answer(outcome);
    await settle();
  };
  return { outbox, store, db, sent, said, under, time, settle, pass, answer };
}

const DONE: SendOutcome = { ok: true, answer: 'HTTP 200' };
const down = (waitMs: number | null = null): SendOutcome =>
  later(appError('CHANNEL_UNREACHABLE', { where: 'x', why: 'refused' }), '', 'all-later', waitMs);
const notice = (id: string, group = 'g', kind: 'firing' | 'resolved' | 'reminder' = 'firing') =>
  aNotice({ id, groupKey: group, kind });
const to = (channel: string, address: string | null = null) => [{ channel, to: address }];

test('the same notice for the same recipient is taken once, whenever it comes again', async () => {
  const { outbox, sent, answer, pass } = bench();
  outbox.enqueue(notice('n1'), to('one'));
  outbox.enqueue(notice('n1'), to('one'));
  await pass(0);
  await answer(DONE);
  outbox.enqueue(notice('n1'), to('one'));
  await pass(60_000);
  expect(sent).toEqual(['one n1']);
});

test('one group on one channel is told in order, one copy at a time, and other groups beside it', async () => {
  const { outbox, sent, under, answer, pass } = bench();
  outbox.enqueue(notice('fire'), to('one'));
  outbox.enqueue(notice('end', 'g', 'resolved'), to('one'));
  outbox.enqueue(notice('other', 'h'), to('one'));
  await pass(0);
  expect(sent).toEqual(['one fire', 'one other']);
  await under
    .find(({ copy }) => copy.notice.id === 'fire')
    ?.answer(later(appError('CANCELLED'), '', 'later'));
  await answer(DONE);
  // The firing waits for its next attempt: its end must not overtake it.
  expect(sent).toEqual(['one fire', 'one other']);
  await pass(1_000);
  expect(sent.slice(2)).toEqual(['one fire']);
  await answer(DONE);
  expect(sent.slice(3)).toEqual(['one end']);
});

test('a channel that fails rests with growing pauses, is tried with one copy, and everything goes when it works again', async () => {
  const { outbox, sent, answer, pass, time } = bench();
  const began = time.clock.now();
  const at: number[] = [];
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) outbox.enqueue(notice(id, id), to('one'));
  await pass(0);
  expect(sent).toHaveLength(4);
  for (let i = 0; i < 4; i++) await answer(down());
  expect(outbox.health()[0]).toMatchObject({ state: 'failing', failures: 1, queued: 6, failingSince: began });
  for (let i = 0; i < 3; i++) {
    const before = sent.length;
    while (sent.length === before) await pass(100);
    expect(sent.length).toBe(before + 1);
    at.push(time.clock.now());
    await answer(down());
  }
  // Half of 1 s, of 2 s, of 4 s: the test's jitter is the smallest.
  expect((at[0] ?? 0) - began).toBeGreaterThanOrEqual(500);
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(1_000);
  expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(2_000);
  await pass(60_000);
  while (sent.length < 13) {
    await answer(DONE);
    await pass(10);
  }
  for (let i = 0; i < 4; i++) await answer(DONE);
  expect(new Set(sent.slice(-6)).size).toBe(6);
  expect(outbox.health()[0]).toMatchObject({
    state: 'ok',
    failures: 0,
    queued: 0,
    problem: null,
    delivered: 6,
  });
});

test('a server that asks for a pause gets it', async () => {
  const { outbox, sent, answer, pass } = bench();
  outbox.enqueue(notice('a'), to('one'));
  await pass(0);
  await answer(down(120_000));
  await pass(119_000);
  expect(sent).toHaveLength(1);
  await pass(2_000);
  expect(sent).toHaveLength(2);
});

test('an answer for good is recorded, said, and does not stop the channel', async () => {
  const { outbox, said, answer, pass } = bench();
  outbox.enqueue(notice('a'), to('one'));
  await pass(0);
  await answer(never(appError('CHANNEL_REFUSED', { where: 'x', answer: 'HTTP 400' }), 'HTTP 400'));
  expect(said).toMatchObject([
    { notice: 'a', attempt: 1, state: 'failed', error: { code: 'CHANNEL_REFUSED' } },
  ]);
  expect(outbox.health()[0]).toMatchObject({ state: 'ok', failed: 1, dropped: 0, queued: 0 });
});

test('what is older than the channel allows is given up, and a clock that jumps gives nothing up', async () => {
  const { outbox, said, answer, pass, time, sent } = bench();
  outbox.enqueue(notice('a'), to('one'));
  await pass(0);
  await answer(down());
  time.setWall(NOON + 30 * 86_400_000);
  await pass(31_000);
  expect(said.some(({ state }) => state === 'failed')).toBe(false);
  while (sent.length < 3) await pass(1_000);
  await answer(down());
  while (sent.length < 3) await pass(1_000);
  await answer(down());
  await pass(400_000);
  expect(said.at(-1)).toMatchObject({ state: 'failed', error: { code: 'CHANNEL_GAVE_UP' } });
  expect(outbox.health()[0]?.queued).toBe(0);
});

test('a full queue drops its oldest reminder, then its oldest notice, and says which', async () => {
  const { outbox, said, pass } = bench([hook('one'), hook('two')]);
  outbox.enqueue(notice('busy'), to('one'));
  await pass(0);
  outbox.enqueue(notice('old', 'x'), to('one'));
  outbox.enqueue(notice('again', 'g', 'reminder'), to('one'));
  for (let i = 0; i < MOST_WAITING - 3; i++) outbox.enqueue(notice(`n${i}`, 'g'), to('one'));
  expect(said).toEqual([]);
  outbox.enqueue(notice('last', 'g'), to('one'));
  outbox.enqueue(notice('last2', 'g'), to('one'));
  expect(said.map(({ notice: id, state }) => `${id} ${state}`)).toEqual(['again dropped', 'n0 dropped']);
  expect(outbox.health()[0]).toMatchObject({ dropped: 2, queued: MOST_WAITING });
  expect(outbox.health()[1]).toMatchObject({ dropped: 0 });
});

test('a channel of many readers gets one copy for each, and each stands for itself', async () => {
  const { outbox, sent, answer, pass, said } = bench([mail]);
  outbox.enqueue(notice('n'), to('mail'));
  await pass(0);
  // One at a time within a group.
  expect(sent).toEqual(['mail n a@site.test']);
  await answer(later(appError('CHANNEL_NOT_NOW', { where: 'x', answer: '450' }), '450', 'later'));
  expect(sent).toEqual(['mail n a@site.test', 'mail n b@site.test']);
  await answer(DONE);
  await pass(1_000);
  await answer(DONE);
  expect(said.map(({ recipient, state }) => `${recipient.to} ${state}`)).toEqual([
    'a@site.test retrying',
    'b@site.test delivered',
    'a@site.test delivered',
  ]);
});

test('a channel that is gone, off, or without a reader fails with a word', async () => {
  const off = { ...hook('off'), enabled: false };
  const nobody = channelSchema.parse({
    ...mail,
    id: 'nobody',
    name: 'nobody',
    settings: { ...mail.settings, to: [] },
  });
  const { outbox, said } = bench([off, nobody]);
  outbox.enqueue(notice('n'), [...to('gone'), ...to('off'), ...to('nobody')]);
  expect(said.map(({ error }) => error?.code)).toEqual([
    'CHANNEL_UNKNOWN',
    'CHANNEL_OFF',
    'CHANNEL_NO_ADDRESSEE',
  ]);
  // Only the last is something that somebody has to put right.
  expect(outbox.health().map(({ failed }) => failed)).toEqual([0, 1]);
});

test('a notice about a channel goes out by the others, too', async () => {
  const { outbox, sent, pass } = bench([hook('one'), hook('two'), mail]);
  const about = aProblem({
    id: 'channel_failing:one',
    condition: 'channel_failing',
    labels: { alertname: 'ChannelFailing', severity: 'warning', channel: 'one' },
  });
  outbox.enqueue(aNotice({ id: 'n', alerts: [about] }), to('one'));
  await pass(0);
  expect(sent.toSorted()).toEqual(['mail n a@site.test', 'one n', 'two n']);
});

test('an engine that ends keeps what waits, and what it was sending is sent again by the next', async () => {
  const folder = temporaryFolder();
  const first = bench([hook('one')], folder);
  first.outbox.enqueue(notice('a', 'a'), to('one'));
  first.outbox.enqueue(notice('b', 'b'), to('one'));
  await first.pass(0);
  await first.answer(DONE);
  // Cut off: no orderly end.
  first.db.close();
  const second = bench([hook('one')], folder);
  await second.pass(0);
  expect(second.sent).toEqual(['one b']);
  await second.answer(DONE);
  expect(second.store.deliveries(['a', 'b']).map(({ state, attempt }) => `${state} ${attempt}`)).toEqual([
    'delivered 1',
    'delivered 2',
  ]);
  expect(second.db.prepare('SELECT count(*) AS n FROM outbox_notice').get()).toEqual({ n: 0 });
});

test('a later trouble of the same group is another thread', async () => {
  const { outbox, under, answer, pass } = bench();
  const threads: string[] = [];
  for (const [id, kind] of [
    ['f1', 'firing'],
    ['r1', 'resolved'],
    ['f2', 'firing'],
    ['f3', 'reminder'],
  ] as const) {
    outbox.enqueue(notice(id, 'g', kind), to('one'));
    await pass(0);
    threads.push(under[0]?.copy.thread ?? '');
    await answer(DONE);
  }
  expect(threads).toEqual(['f1', 'f1', 'f2', 'f2']);
});

test('a wall clock that is put back keeps nothing waiting', async () => {
  const { outbox, sent, answer, pass, time } = bench();
  outbox.enqueue(notice('a'), to('one'));
  await pass(0);
  await answer(down());
  time.setWall(NOON - 10 * 86_400_000);
  await pass(61_000);
  expect(sent).toHaveLength(2);
});
