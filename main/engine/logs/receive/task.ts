import { join } from 'node:path';
import type { LogReceiver } from '#shared/contract/logs-sources.ts';
import { systemClock } from '../../platform/clock.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import { type ReceiverStatus, SyslogReceiver } from './receiver.ts';
import { hostsIn } from './senders.ts';

/** A receiver as it is kept. */
export type StoredReceiver = LogReceiver & { readonly id: string };

/** What the receiving thread is started with. */
export type ReceiveStart = { readonly folder: string; readonly receivers: readonly StoredReceiver[] };

/** What the engine tells the thread: the receivers that are switched on. */
export type ToReceive = { readonly receivers: readonly StoredReceiver[] };

/** What the thread tells the engine. */
export type FromReceive =
  | { readonly kind: 'state'; readonly receivers: readonly ReceiverStatus[] }
  | { readonly kind: 'sender'; readonly receiver: string; readonly host: string };

const TICK_MS = 1000;
/** A port that is taken may be given back: listening is tried again this often. */
const RETRY_TICKS = 10;

/** Receives syslog messages until it is told to stop. */
export async function runReceive(data: unknown, task: TaskContext): Promise<unknown> {
  // The starter is this area's own proxy, which sends exactly this.
  const { folder, receivers } = data as ReceiveStart;
  const running = new Map<string, SyslogReceiver>();
  const tell = (message: FromReceive): void => task.post(message);
  let last = '';
  const report = (): void => {
    const state = [...running.values()].map((receiver) => receiver.status());
    const text = JSON.stringify(state);
    if (text !== last) tell({ kind: 'state', receivers: state });
    last = text;
  };
  let turn: Promise<void> = Promise.resolve();
  /** Stops what is not wanted any more, or otherwise, and starts what is new; one change after the other. */
  const apply = (wanted: readonly StoredReceiver[]): void => {
    turn = turn.then(async () => {
      for (const [id, receiver] of running) {
        const next = wanted.find((one) => one.id === id);
        if (next !== undefined && JSON.stringify(next) === JSON.stringify({ ...receiver.settings })) continue;
        running.delete(id);
        await receiver.close();
      }
      for (const settings of wanted) {
        if (running.has(settings.id)) continue;
        const own = join(folder, settings.id);
        const receiver = new SyslogReceiver(
          settings.id,
          settings,
          { folder: own, known: hostsIn(own), clock: systemClock },
          (host) => tell({ kind: 'sender', receiver: settings.id, host }),
        );
        running.set(settings.id, receiver);
        await receiver.start();
      }
      report();
    });
  };
  apply(receivers);
  task.onMessage((message) => apply((message as ToReceive).receivers));
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
    for (const receiver of running.values()) {
      receiver.tick();
      if (ticks % RETRY_TICKS === 0 && receiver.status().boundPort === null) void receiver.start();
    }
    report();
  }, TICK_MS);
  await new Promise<void>((resolve) => {
    if (task.signal.aborted) resolve();
    task.signal.addEventListener('abort', () => resolve());
  });
  clearInterval(timer);
  await turn;
  for (const receiver of running.values()) await receiver.close();
  report();
  return null;
}
