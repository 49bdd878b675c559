import type { TaskLoaders } from '../platform/worker-tasks.ts';
import type { SampleInput } from './parse/sample.ts';

/** The tasks of the area `logs`, for the worker entry. */
export const logTasks: TaskLoaders = {
  'logs.ingest': async () => (await import('./ingest/task.ts')).runIngest,
  'logs.index': async () => (await import('./terms/task.ts')).runIndex,
  'logs.search': async () => (await import('./search/thread.ts')).runSearch,
  'logs.receive': async () => (await import('./receive/task.ts')).runReceive,
  'logs.sample': async () => {
    const { testSample } = await import('./parse/sample.ts');
    return async (data) => {
      const { input, nowMs } = data as { readonly input: SampleInput; readonly nowMs: number };
      return testSample(input, nowMs);
    };
  },
  'logs.scan': async () => (await import('./search/helper.ts')).runScan,
  'logs.output': async () => (await import('./output/thread.ts')).runOutput,
};
