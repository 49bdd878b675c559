import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandEnvironment } from '../../../../main/engine/platform/command/environment.ts';
import { lastLines } from '../../../../main/engine/platform/command/output-tail.ts';
import { type CommandSpec, runCommand } from '../../../../main/engine/platform/command/run-command.ts';
import { systemTimers } from '../../../../main/engine/platform/timers.ts';
import { runDelayMs } from '../../../helpers/run-delay.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

const run = (shell: string, more: Partial<CommandSpec> = {}) =>
  runCommand({ run: { shell }, env: commandEnvironment(), timeoutMs: 20_000, ...more }, systemTimers);

/** True while a process is there (and no zombie). */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a command tells its exit code and the last lines of both streams', async () => {
  const end = await run('echo one; echo two >&2; exit 3');
  expect(end).toMatchObject({ reason: 'exit', exitCode: 3, stdout: 'one\n' });
  expect(end.output).toContain('two');
});

test('a command that hangs is ended with its children, also those that ignore SIGTERM', async () => {
  const dir = temporaryFolder('hang');
  const pids = join(dir, 'pids');
  const began = performance.now();
  const end = await run(
    `sh -c 'trap "" TERM; echo $$ >> ${pids}; while :; do sleep 0.2; done' & echo $$ >> ${pids}; echo waiting; sleep 600`,
    { timeoutMs: 2_000 },
  );
  expect(end).toMatchObject({ reason: 'timeout', exitCode: null });
  expect(end.output).toContain('waiting');
  expect(performance.now() - began).toBeLessThan(30_000);
  const left = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  expect(left).toHaveLength(2);
  for (const pid of left) await expect.poll(() => lives(pid)).toBe(false);
});

test('a command that floods stdout is read to its end in bounded memory, and does not busy this process', async () => {
  const before = process.memoryUsage().rss;
  const waitedBefore = runDelayMs();
  let longest = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 20);
  const end = await run('head -c 20000000 /dev/zero | tr "\\0" x; echo; echo the end');
  clearInterval(beat);
  expect(end.reason).toBe('exit');
  expect(end.output.length).toBeLessThan(40_000);
  expect(lastLines(end.output).split('\n').at(-1)).toBe('the end');
  expect(lastLines(end.output).length).toBeLessThan(12_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(400 << 20);
  expect(longest - (runDelayMs() - waitedBefore)).toBeLessThan(2_000);
});

test('a command that leaves a daemon behind, which keeps its pipes open, has ended all the same', async () => {
  const dir = temporaryFolder('daemon');
  const began = performance.now();
  const end = await run(`setsid sh -c 'echo $$ > ${dir}/pid; sleep 60' & sleep 0.3; echo started`);
  expect(end).toMatchObject({ reason: 'exit', exitCode: 0 });
  expect(end.output).toContain('started');
  expect(performance.now() - began).toBeLessThan(30_000);
  // It went out of the group by its own will; it is not ours to end, and the test takes it away.
  process.kill(-Number(readFileSync(join(dir, 'pid'), 'utf8')), 'SIGKILL');
});

test('cancelling ends a command', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 300);
  const end = await run('sleep 600', { signal: abort.signal });
  expect(end.reason).toBe('cancelled');
});

test('a program that is not there is told, not thrown', async () => {
  const end = await runCommand(
    { run: { file: '/nowhere/tool', args: [] }, env: {}, timeoutMs: 1_000 },
    systemTimers,
  );
  expect(end).toMatchObject({ reason: 'not-started', exitCode: null });
  expect(end.why).toContain('ENOENT');
});

test('secrets of the console’s own environment do not reach commands', async () => {
  process.env.PGPASSWORD = 'secret-of-the-console';
  process.env.ELECTRON_RUN_AS_NODE = '1';
  try {
    const dir = temporaryFolder('env');
    const script = join(dir, 'env.sh');
    writeFileSync(script, 'env');
    const end = await run(`sh ${script}`, { env: commandEnvironment({ HMTT_PLAN: '核心 数据' }) });
    expect(end.output).not.toContain('secret-of-the-console');
    expect(end.output).not.toContain('ELECTRON_RUN_AS_NODE');
    expect(end.output).toContain('HMTT_PLAN=核心 数据');
    expect(existsSync(script)).toBe(true);
  } finally {
    delete process.env.PGPASSWORD;
    delete process.env.ELECTRON_RUN_AS_NODE;
  }
});

test('control characters and colours do not get into a report', () => {
  expect(lastLines('\u001b[31mred\u001b[0m\r50%\r100%\nbell\u0007\n\n')).toBe('red\n50%\n100%\nbell');
});
