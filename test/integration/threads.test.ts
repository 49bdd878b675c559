import { expect, test } from 'vitest';
import { TaskFailure, type TaskRun, threadTasks } from '../../main/engine/platform/worker-tasks.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const entry = new URL('../../main/engine/worker.ts', import.meta.url);

/** Starts the thread that makes parts of an index, which hears orders until it is told to stop. */
function startIndexing(ahead: readonly string[]): {
  readonly run: TaskRun<unknown>;
  readonly answered: Promise<unknown>;
} {
  const folder = temporaryFolder('threads');
  const start = threadTasks(entry, ahead);
  let hear: (answer: unknown) => void = () => undefined;
  const answered = new Promise((resolve) => {
    hear = resolve;
  });
  return { run: start('logs.index', { folder }, (answer) => hear(answer)), answered };
}

test.each([
  ['made when it is asked for', []],
  ['made ahead', ['logs.index']],
  ['made ahead for another task', ['logs.sample']],
])('a thread %s hears what is sent before its code is loaded', async (_, ahead) => {
  const { run, answered } = startIndexing(ahead);
  run.post({ call: 7, day: '2026-01-01', job: { kind: 'index', blocks: [] } });
  expect(await answered).toMatchObject({ call: 7 });
  run.cancel();
  expect(await run.result).toBeNull();
});

test('a thread that is told to stop before its code is loaded stops', async () => {
  const { run } = startIndexing([]);
  run.cancel();
  expect(await run.result).toBeNull();
});

test('a task that is not there is a failure, not a wait', async () => {
  await expect(threadTasks(entry)('logs.nothing', {}).result).rejects.toThrow(TaskFailure);
});
