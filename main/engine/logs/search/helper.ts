import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { TaskContext, TaskRun, TaskStarter } from '../../platform/worker-tasks.ts';
import { StoreReader } from '../store/reader.ts';
import { breathUntil, Cancelled, turn } from './breath.ts';
import { compileQuery } from './compile.ts';
import { type CollectorSpec, type Helper, makeCollector } from './coordinator.ts';
import { searchTools } from './events.ts';
import { planDay, scanDay, type TimeRange } from './scan.ts';

const PARTIAL_MS = 50;

type ScanOrder = {
  readonly kind: 'scan';
  readonly search: number;
  readonly day: string;
  readonly query: string;
  readonly range: TimeRange;
  readonly spec: CollectorSpec;
  readonly lastBlock: number;
};
type ToHelper =
  | ScanOrder
  | { readonly kind: 'cancel'; readonly search: number }
  | { readonly kind: 'forget'; readonly day: string };
type FromHelper =
  | { readonly kind: 'partial'; readonly search: number; readonly found: unknown; readonly frontier: number }
  | { readonly kind: 'end'; readonly search: number; readonly outcome: Result<object> };

/** The second thread of searches, as the first one sees it. It is started when it is first needed. */
export type HelperThread = {
  /** The helper of one search. */
  readonly begin: () => Helper;
  readonly forget: (day: string) => void;
  readonly close: () => Promise<void>;
};

type Waiting = {
  readonly partial: (found: unknown, frontier: number) => void;
  readonly end: (outcome: Result<object>) => void;
};

/** Prepares the second thread; when it dies, the next search starts another. */
export function startHelper(start: TaskStarter, folder: string): HelperThread {
  let run: TaskRun<unknown> | null = null;
  let next = 1;
  const waiting = new Map<number, Waiting>();
  const died = (thrown: unknown): void => {
    run = null;
    for (const one of waiting.values()) one.end(err(appError('INTERNAL', { what: describeThrown(thrown) })));
    waiting.clear();
  };
  const ensure = (): TaskRun<unknown> => {
    if (run !== null) return run;
    const started = start<unknown>('logs.scan', { folder }, (message) => {
      // The thread runs this file's own task, which posts exactly this.
      const told = message as FromHelper;
      if (told.kind === 'partial') waiting.get(told.search)?.partial(told.found, told.frontier);
      else {
        const one = waiting.get(told.search);
        waiting.delete(told.search);
        one?.end(told.outcome);
      }
    });
    run = started;
    started.result.then(
      () => died(new Error('the second search thread ended by itself')),
      (thrown: unknown) => died(thrown),
    );
    return started;
  };
  return {
    begin: () => {
      const search = next++;
      return {
        scanDay: (order, partial) =>
          new Promise((resolve) => {
            const thread = ensure();
            waiting.set(search, { partial, end: resolve });
            thread.post({ kind: 'scan', search, ...order } satisfies ToHelper);
          }),
        cancel: () => {
          const one = waiting.get(search);
          if (one === undefined) return;
          waiting.delete(search);
          run?.post({ kind: 'cancel', search } satisfies ToHelper);
          one.end(err(appError('CANCELLED')));
        },
      };
    },
    forget: (day) => run?.post({ kind: 'forget', day } satisfies ToHelper),
    close: async () => {
      const ending = run;
      ending?.cancel();
      // How it ended is of no interest any more.
      await ending?.result.catch(() => undefined);
    },
  };
}

/** Scans the odd blocks of days until it is told to stop. */
export async function runScan(data: unknown, task: TaskContext): Promise<unknown> {
  const { folder } = data as { readonly folder: string };
  const store = new StoreReader(folder);
  const tools = searchTools(store);
  const cancelled = new Set<number>();
  const running = new Set<number>();
  const post = (message: FromHelper): void => task.post(message);

  const scan = async (order: ScanOrder): Promise<Result<object>> => {
    const { search, query, range, spec, lastBlock } = order;
    const node = compileQuery(query);
    if (!node.ok) return node;
    const day = store.day(order.day);
    if (!day.ok) return day;
    if (day.value === null) return ok({});
    const plan = planDay(day.value, node.value, range);
    if (!plan.ok) return plan;
    const collector = makeCollector(spec);
    let toldAt = performance.now();
    const part = { index: 1, of: 2, lastBlock };
    const breath = breathUntil(() => cancelled.has(search) || task.signal.aborted);
    const done = await scanDay(
      tools,
      plan.value,
      { node: node.value, range, part },
      collector,
      breath,
      (_done, _of, frontier) => {
        if (performance.now() - toldAt < PARTIAL_MS) return;
        toldAt = performance.now();
        const found = collector.partial(false);
        if (found !== null) post({ kind: 'partial', search, found, frontier });
      },
    );
    if (done.ok) {
      const frontier = Number.NEGATIVE_INFINITY;
      post({ kind: 'partial', search, found: collector.partial(true), frontier });
    }
    return done;
  };

  const answer = async (order: ScanOrder): Promise<void> => {
    const { search } = order;
    let outcome: Result<object>;
    try {
      outcome = await scan(order);
    } catch (thrown) {
      outcome = err(
        thrown instanceof Cancelled
          ? appError('CANCELLED')
          : appError('INTERNAL', { what: describeThrown(thrown) }),
      );
    }
    cancelled.delete(search);
    running.delete(search);
    post({ kind: 'end', search, outcome });
  };

  await new Promise<void>((resolve) => {
    task.signal.addEventListener('abort', () => resolve());
    task.onMessage((message) => {
      const order = message as ToHelper;
      if (order.kind === 'cancel') {
        if (running.has(order.search)) cancelled.add(order.search);
      } else if (order.kind === 'forget') store.forget(order.day);
      else {
        running.add(order.search);
        void answer(order);
      }
    });
  });
  while (running.size > 0) await turn();
  store.close();
  return null;
}
