import { beforeEach, describe, expect, it } from 'vitest';
import { createEngineClient, type EngineClient } from '#shared/contract/client.ts';
import type { LogEvent } from '#shared/contract/logs.ts';
import type { ClientMessage } from '#shared/contract/wire.ts';
import { appError } from '#shared/errors/index.ts';
import { createLogsTail, type LogsTail } from '../../../renderer/stores/logs-tail.ts';
import {
  TAIL_KEEPS,
  tailPaused,
  tailReceived,
  tailStarting,
} from '../../../renderer/stores/logs-tail-state.ts';

const line = (message: string): LogEvent => ({
  id: message,
  time: 1,
  level: 'info',
  source: 's',
  host: 'h',
  message,
  fields: {},
  raw: message,
  flags: [],
  stream: '',
  tags: [],
});

/** An engine's end of the wire, under the test's hand. */
function wire() {
  const sent: ClientMessage[] = [];
  let hear: (message: unknown) => void = () => undefined;
  let close = (): void => undefined;
  const client: EngineClient = createEngineClient({
    send: (message) => sent.push(message),
    onMessage: (listener) => {
      hear = listener;
    },
    onClose: (listener) => {
      close = listener;
    },
  });
  const lastId = (method: string): number => {
    const call = sent.findLast((message) => 'method' in message && message.method === method);
    if (!call || !('id' in call)) throw new Error(`no call of ${method}`);
    return call.id;
  };
  return {
    client,
    sent,
    close: () => close(),
    answer: (value: unknown) => hear({ id: lastId('logs.tail.start'), ok: true, value }),
    refuse: () =>
      hear({
        id: lastId('logs.tail.start'),
        ok: false,
        error: appError('NOT_FOUND', { what: 'x', id: 'y' }),
      }),
    push: (tailId: string, messages: readonly string[], skipped = 0) =>
      hear({ event: 'logs.tail', payload: { tailId, events: messages.map(line), skipped } }),
  };
}

/** Lets the promises between an answer and the store settle. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

const shown = (tail: LogsTail): readonly string[] =>
  tail.store.getState().lines.map((event) => event.message);

describe('the live tail', () => {
  let tail: LogsTail;
  let engine: ReturnType<typeof wire>;
  beforeEach(async () => {
    tail = createLogsTail(() => 77);
    engine = wire();
    tail.attach(engine.client);
    tail.start('level:error');
  });

  it('shows lines newest first, also those that came before the answer', async () => {
    engine.push('t1', ['a', 'b']);
    engine.push('other', ['x']);
    engine.answer({ tailId: 't1' });
    await settle();
    engine.push('t1', ['c'], 3);
    expect(shown(tail)).toEqual(['c', 'b', 'a']);
    expect(tail.store.getState()).toMatchObject({ status: 'live', received: 3, skipped: 3, startedAt: 77 });
  });

  it('holds lines back while paused and loses none on going on', async () => {
    engine.answer({ tailId: 't1' });
    await settle();
    engine.push('t1', ['a']);
    tail.pause();
    engine.push('t1', ['b', 'c']);
    expect(shown(tail)).toEqual(['a']);
    expect(tail.store.getState().held).toHaveLength(2);
    tail.resume();
    expect(shown(tail)).toEqual(['c', 'b', 'a']);
    expect(tail.store.getState().held).toEqual([]);
  });

  it('goes on with the next engine after a crash, keeps what it had, and says that it was interrupted', async () => {
    engine.answer({ tailId: 't1' });
    await settle();
    engine.push('t1', ['before']);
    engine.close();
    tail.attach(null);
    expect(tail.store.getState()).toMatchObject({ status: 'interrupted', interruptions: 1 });
    const next = wire();
    tail.attach(next.client);
    expect(next.sent).toContainEqual(
      expect.objectContaining({ method: 'logs.tail.start', params: { query: 'level:error' } }),
    );
    next.answer({ tailId: 't9' });
    await settle();
    next.push('t9', ['after']);
    engine.push('t1', ['ghost']);
    expect(shown(tail)).toEqual(['after', 'before']);
    expect(tail.store.getState()).toMatchObject({ status: 'live', interruptions: 1 });
  });

  it('stops at the engine, and hears nothing more', async () => {
    engine.answer({ tailId: 't1' });
    await settle();
    tail.stop();
    expect(engine.sent).toContainEqual(
      expect.objectContaining({ method: 'logs.tail.stop', params: { tailId: 't1' } }),
    );
    engine.push('t1', ['late']);
    expect(shown(tail)).toEqual([]);
  });

  it('stops a tail whose answer comes after it was stopped', async () => {
    tail.stop();
    engine.answer({ tailId: 't1' });
    await settle();
    expect(engine.sent).toContainEqual(
      expect.objectContaining({ method: 'logs.tail.stop', params: { tailId: 't1' } }),
    );
    expect(tail.store.getState().status).toBe('off');
  });

  it('says why the engine refuses, and does not try again by itself', async () => {
    engine.refuse();
    await settle();
    expect(tail.store.getState()).toMatchObject({ status: 'failed', error: { code: 'NOT_FOUND' } });
    const next = wire();
    tail.attach(next.client);
    expect(next.sent).toEqual([]);
  });

  it('waits for an engine when there is none', () => {
    const lonely = createLogsTail(() => 0);
    lonely.start('');
    expect(lonely.store.getState().status).toBe('interrupted');
    lonely.attach(engine.client);
    expect(lonely.store.getState().status).toBe('starting');
  });
});

describe('a full list', () => {
  const many = Array.from({ length: TAIL_KEEPS }, (_, index) => line(`m${index}`));

  it('lets the oldest go and counts them', () => {
    const full = tailReceived(tailStarting('', 0), { tailId: 't', events: many, skipped: 0 });
    const over = tailReceived(full, { tailId: 't', events: [line('new')], skipped: 0 });
    expect(over.lines).toHaveLength(TAIL_KEEPS);
    expect(over.lines[0]?.message).toBe('new');
    expect(over.dropped).toBe(1);
    expect(over.received).toBe(TAIL_KEEPS + 1);
  });

  it('never touches the lines under the reader while paused', () => {
    const few = tailReceived(tailStarting('', 0), { tailId: 't', events: [line('mine')], skipped: 0 });
    const over = tailReceived(tailPaused(few), { tailId: 't', events: [...many, line('x')], skipped: 0 });
    expect(over.lines.map((event) => event.message)).toEqual(['mine']);
    expect(over.dropped).toBe(1);
  });
});
