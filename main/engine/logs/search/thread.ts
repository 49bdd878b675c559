import { appError, describeThrown, err, type Result } from '#shared/errors/index.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import type { FromSearch, SearchAnswers, ToSearch } from '../messages.ts';
import { StoreReader } from '../store/reader.ts';
import { answerCall, type Tell } from './answers.ts';
import { breathUntil, Cancelled, turn } from './breath.ts';
import { searchTools } from './events.ts';
import { startHelper } from './helper.ts';

/** How often a search tells how far it is. */
const PROGRESS_MS = 100;

/** Answers searches until it is told to stop. Several run in turns; each hears its cancellation between slices. */
export async function runSearch(data: unknown, task: TaskContext): Promise<unknown> {
  const { folder, helpers } = data as { readonly folder: string; readonly helpers: number };
  const store = new StoreReader(folder, (day, segments) =>
    task.post({ kind: 'damaged', day, segments } satisfies FromSearch),
  );
  const tools = searchTools(store);
  const helper = helpers > 0 ? startHelper(task.start, folder) : null;
  const cancelled = new Set<number>();
  const running = new Set<number>();
  const answer = async (order: ToSearch & { readonly kind: 'call' }): Promise<void> => {
    const { call } = order;
    const isCancelled = (): boolean => cancelled.has(call) || task.signal.aborted;
    const own = helper?.begin() ?? null;
    let toldAt = performance.now();
    const progress: Tell = (make) => {
      const now = performance.now();
      if (!order.progress || now - toldAt < PROGRESS_MS) return;
      toldAt = now;
      task.post({ kind: 'progress', call, ...make() } satisfies FromSearch);
    };
    let outcome: Result<SearchAnswers[keyof SearchAnswers]>;
    try {
      outcome = await answerCall(tools, order.request, {
        helper: own,
        breath: breathUntil(isCancelled),
        tell: progress,
      });
    } catch (thrown) {
      outcome = err(
        thrown instanceof Cancelled
          ? appError('CANCELLED')
          : appError('INTERNAL', { what: describeThrown(thrown) }),
      );
    }
    own?.cancel();
    cancelled.delete(call);
    running.delete(call);
    task.post({ kind: 'answer', call, outcome } satisfies FromSearch);
  };
  await new Promise<void>((resolve) => {
    task.signal.addEventListener('abort', () => resolve());
    task.onMessage((message) => {
      const order = message as ToSearch;
      if (order.kind === 'cancel') {
        if (running.has(order.call)) cancelled.add(order.call);
      } else if (order.kind === 'forget') {
        store.forget(order.day);
        helper?.forget(order.day);
      } else {
        running.add(order.call);
        void answer(order);
      }
    });
  });
  while (running.size > 0) await turn();
  await helper?.close();
  store.close();
  return null;
}
