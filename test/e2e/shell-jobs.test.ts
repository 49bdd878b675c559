import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';

/** What a long job does to the machine and to quitting. */

let run: ConsoleRun;
let engine: EngineAccess;

beforeAll(async () => {
  run = await launchConsole();
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
  // Large enough to be caught in the act, small enough to end soon.
  await engine.call('backup.plans.add', {
    name: 'includes',
    sources: ['/usr/include', '/usr/share/doc'],
    targetDir: join(run.dataDir, 'target'),
  });
});

afterAll(async () => {
  engine?.close();
  await run?.close();
});

/** Whether the shell keeps the machine awake: Electron numbers its blockers from 0. */
const awake = (): Promise<boolean> =>
  run.app.evaluate(({ powerSaveBlocker }) =>
    [0, 1, 2, 3].some((blocker) => powerSaveBlocker.isStarted(blocker)),
  );

test('the machine is kept awake while a backup runs, and only then', async () => {
  expect(await awake()).toBe(false);
  const { jobId } = await engine.call('backup.run', { name: 'includes' });
  await until('the machine to be kept awake', awake);
  await until(
    'the end of the backup',
    async () => (await engine.call('jobs.get', { id: jobId })).endedAt !== null,
    90_000,
  );
  expect((await engine.call('jobs.get', { id: jobId })).state).toBe('done');
  await until('the machine to be let go', async () => !(await awake()));
});

test('quitting while a job runs asks, names the job, and staying is the default', async () => {
  await engine.call('backup.run', { name: 'includes' });
  await until('the machine to be kept awake', awake);
  await run.app.evaluate(({ dialog }) => {
    const asked = globalThis as unknown as { quitQuestion: Electron.MessageBoxOptions | null };
    asked.quitQuestion = null;
    Object.assign(dialog, {
      showMessageBox: async (_window: unknown, options: Electron.MessageBoxOptions) => {
        asked.quitQuestion = options;
        return { response: options.defaultId, checkboxChecked: false };
      },
    });
  });
  await run.page.evaluate(() => window.shell?.quitCompletely());
  const question = await until('the question', () =>
    run.app.evaluate(
      () => (globalThis as unknown as { quitQuestion: Electron.MessageBoxOptions | null }).quitQuestion,
    ),
  );
  expect(question.detail).toContain('includes');
  expect(run.page.isClosed()).toBe(false);
  expect((await engine.client.call('site.status', {})).ok).toBe(true);
});
