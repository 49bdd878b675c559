import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Clock } from '../clock.ts';

type Address = { readonly address: string; readonly family: number };
type Answer = { readonly addresses: readonly Address[] } | { readonly error: NodeJS.ErrnoException };

/** Asks the operating system for all addresses of a name. */
export type AskSystem = (name: string, done: (answer: Answer) => void) => void;

/**
 * The most look-ups at the same time. The system's look-up occupies one of Node's four pool threads until it ends; at a
 * site whose name server is dead that is many seconds each, and decompression and file reads would wait behind them.
 */
const MOST_LOOKUPS = 2;
/** How long an answer is used without asking again. */
const GOOD_FOR_MS = 60_000;
const FAILED_FOR_MS = 10_000;
/** How long an old answer is still used when the name server has stopped answering. */
const STALE_FOR_MS = 86_400_000;

const askSystem: AskSystem = (name, done) => {
  systemLookup(name, { all: true, order: 'verbatim' }, (error, addresses) => {
    done(error ? { error } : { addresses });
  });
};

type Known = { answer: Answer; at: number; lastGood: { answer: Answer; at: number } | null };

/** Looks names up as `net.connect` wants it, with a small memory and few look-ups at a time. */
export function createResolver(clock: Clock, ask: AskSystem = askSystem): LookupFunction {
  const known = new Map<string, Known>();
  const waiters = new Map<string, ((answer: Answer) => void)[]>();
  const queue: string[] = [];
  let running = 0;

  const settle = (name: string, answer: Answer): void => {
    running -= 1;
    const at = clock.monotonic();
    const before = known.get(name)?.lastGood ?? null;
    let told = answer;
    if ('error' in answer && before !== null && at - before.at < STALE_FOR_MS) told = before.answer;
    known.set(name, { answer: told, at, lastGood: 'error' in answer ? before : { answer, at } });
    const waiting = waiters.get(name) ?? [];
    waiters.delete(name);
    for (const tell of waiting) tell(told);
    pump();
  };

  const pump = (): void => {
    while (running < MOST_LOOKUPS) {
      const name = queue.shift();
      if (name === undefined) return;
      running += 1;
      ask(name, (answer) => settle(name, answer));
    }
  };

  const resolve = (name: string, tell: (answer: Answer) => void): void => {
    const memory = known.get(name);
    const age = memory === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() - memory.at;
    if (memory && age < ('error' in memory.answer ? FAILED_FOR_MS : GOOD_FOR_MS)) {
      queueMicrotask(() => tell(memory.answer));
      return;
    }
    const waiting = waiters.get(name);
    if (waiting) waiting.push(tell);
    else {
      waiters.set(name, [tell]);
      queue.push(name);
      pump();
    }
  };

  return (hostname, options, callback) => {
    resolve(hostname, (answer) => {
      if ('error' in answer) {
        callback(answer.error, options.all === true ? [] : '', 0);
        return;
      }
      const fitting = answer.addresses.filter(
        ({ family }) => !options.family || options.family === family || options.family === `IPv${family}`,
      );
      const first = fitting[0];
      if (!first) {
        const none: NodeJS.ErrnoException = Object.assign(new Error(`no address of ${hostname}`), {
          code: 'ENOTFOUND',
        });
        callback(none, options.all === true ? [] : '', 0);
      } else if (options.all === true) callback(null, [...fitting]);
      else callback(null, first.address, first.family);
    });
  };
}
