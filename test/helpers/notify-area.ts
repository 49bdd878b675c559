import { join } from 'node:path';
import type { CallContext, Handlers } from '#shared/contract/index.ts';
import type { Delivery, Notice, Recipient } from '#shared/contract/notice.ts';
import type { Problem } from '#shared/contract/site.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { createNotifyArea } from '../../main/engine/alerts/notify/area.ts';
import { NO_DEPENDENCIES } from '../../main/engine/alerts/notify/causes.ts';
import type { NotifyOutbox } from '../../main/engine/alerts/notify/ports.ts';
import { consoleMigrations } from '../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../main/engine/storage/sqlite.ts';
import { fakeTime } from './fake-time.ts';
import { NOON } from './notify-bench.ts';
import { silentLogger } from './silent-logger.ts';
import { temporaryFolder } from './temp-folder.ts';

const context: CallContext = {
  signal: new AbortController().signal,
  closed: new AbortController().signal,
  emit: () => undefined,
};

/** What was answered; a refusal fails the test. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message.en}`);
  return result.value;
}

/** The area over a real database, with an outbox that can be full and problems that a test opens. */
export function notifySite() {
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
  const isKnown: NotifyOutbox['isKnown'] = (target) =>
    target.kind !== 'channel' || ['desktop', 'made'].includes(target.channel);
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
        isKnown,
        knownNow: () => isKnown,
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
