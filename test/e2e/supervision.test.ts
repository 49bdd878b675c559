import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type ConsoleRun, type LogLine, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';

/** The engine dies, hangs or refuses: the window stays, says so, and everything comes back by itself. */

const runs: ConsoleRun[] = [];

afterEach(async () => {
  for (const run of runs.splice(0)) await run.close();
});

async function start(...options: Parameters<typeof launchConsole>): Promise<ConsoleRun> {
  const run = await launchConsole(...options);
  runs.push(run);
  return run;
}

/** The states that the supervisor reported, in order. */
function states(run: ConsoleRun): readonly LogLine[] {
  return run.log().filter((line) => line.part === 'shell.supervisor' && line.message === 'engine');
}

/** Waits for the nth `running` and gives its process id. */
function runningPid(run: ConsoleRun, nth = 1): Promise<number> {
  return until(`engine number ${nth}`, () => {
    const line = states(run).filter((state) => state.state === 'running')[nth - 1];
    return line === undefined ? null : Number(line.pid);
  });
}

async function engine(run: ConsoleRun): Promise<EngineAccess> {
  return until('an answer of the engine', () => reachEngine(run.dataDir));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process.
    return false;
  }
}

test('kill -9 of the engine: the window survives with a banner, data is intact, watching resumes', async () => {
  const run = await start();
  const first = await runningPid(run);
  const before = await engine(run);
  await before.call('site.settings.set', { siteName: '东区机房', classification: '内部' });
  before.close();
  await run.page.waitForSelector('[data-testid="engine-banner"]', { state: 'detached' });

  process.kill(first, 'SIGKILL');
  await run.page.waitForSelector('[data-testid="engine-banner"]');
  const second = await runningPid(run, 2);
  await run.page.waitForSelector('[data-testid="engine-banner"]', { state: 'detached' });

  expect(second).not.toBe(first);
  expect(run.page.isClosed()).toBe(false);
  const after = await engine(run);
  expect(await after.call('site.settings.get', {})).toEqual({ siteName: '东区机房', classification: '内部' });
  const { engine: process_ } = await after.call('site.status', {});
  expect(process_.pid).toBe(second);
  await watchingResumes(after);
  after.close();
  // The page talks to the new engine too: its status bar is fed by it.
  await until('the page hears the new engine', () =>
    run.page.evaluate(() => document.body.innerText.includes('东区机房')),
  );
});

/** Waits for a sample of this workstation that is younger than this moment. */
async function watchingResumes(access: EngineAccess): Promise<void> {
  const now = Date.now();
  await until(
    'a new sample',
    async () => {
      const answer = await access.call('metrics.query', { expr: 'timestamp(node_load1)' });
      const text = JSON.stringify(answer);
      return [...text.matchAll(/"(\d{10}(?:\.\d+)?)"/g)].some(([, at]) => Number(at) * 1000 > now);
    },
    40_000,
  );
}

test('an engine that dies again and again is started with growing pauses', async () => {
  const run = await start();
  for (let nth = 1; nth <= 3; nth += 1) process.kill(await runningPid(run, nth), 'SIGKILL');
  await runningPid(run, 4);
  const restarts = states(run).filter((state) => state.state === 'restarting');
  expect(restarts.map(({ attempt, inMs }) => [attempt, inMs])).toEqual([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
  ]);
});

test('an engine that stands still is killed after 15 s and started again', async () => {
  const run = await start();
  const first = await runningPid(run);
  const stopped = performance.now();
  process.kill(first, 'SIGSTOP');
  const restart = await until(
    'a restart',
    () => states(run).find((state) => state.state === 'restarting'),
    30_000,
  );
  expect(restart.reason).toBe('hung');
  expect(performance.now() - stopped).toBeGreaterThan(13_000);
  expect(isAlive(first)).toBe(false);
  await runningPid(run, 2);
});

test('an engine that refuses its folder is not started again; the operator reads why', async () => {
  const holder = await start();
  await runningPid(holder);
  const run = await start({
    dataDir: holder.dataDir,
    args: [`--user-data-dir=${join(holder.dataDir, 'other-user')}`],
  });
  // Both write to the same log, being on the same folder; only the second engine refuses.
  const refusal = await until('a refusal', () => states(run).find((state) => state.state === 'refused'));
  expect(refusal.error).toMatchObject({ code: 'DATA_FOLDER_IN_USE' });
  const banner = await run.page.waitForSelector('[data-testid="engine-banner"][data-link="refused"]');
  await expect.poll(() => banner.innerText()).toContain('in use');
  const count = states(run).length;
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(states(run)).toHaveLength(count);
});

test('quitting ends the engine in order', async () => {
  const run = await launchConsole({});
  const pid = await runningPid(run);
  const { dataDir } = run;
  await run.app.evaluate(({ app }) => void setTimeout(() => app.quit()));
  await until('the end of the engine', () => !isAlive(pid));
  expect(readFileSync(join(dataDir, 'engine.log'), 'utf8')).toContain('engine stopped');
  await until('the end of the console', () => !isAlive(run.pid));
  await run.close();
});

test('a signal ends the console and its engine in order', async () => {
  const run = await launchConsole({});
  const pid = await runningPid(run);
  process.kill(run.pid, 'SIGTERM');
  await until('the end of both', () => !isAlive(pid) && !isAlive(run.pid));
  expect(readFileSync(join(run.dataDir, 'engine.log'), 'utf8')).toContain('engine stopped');
  await run.close();
});

test('the page restarts a running engine on request, in order and at once', async () => {
  const run = await start();
  const first = await runningPid(run);
  expect(await run.page.evaluate(() => window.shell?.restartEngine())).toMatchObject({ ok: true });
  expect(await runningPid(run, 2)).not.toBe(first);
  expect(readFileSync(join(run.dataDir, 'engine.log'), 'utf8')).toContain('engine stopped');
});
