/**
 * `npm test`: types, lint and layer rules, unit and property tests, integration against real peers, the build, and
 * the app in a real window. Every step runs, whatever failed before it; the last line is `N passed, N failed`.
 *
 * Arguments name steps to run only those: node scripts/test.ts build e2e
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, execPath, kill, platform } from 'node:process';
import { openVirtualDisplay } from './lib/display.ts';
import { inProject, projectRoot } from './lib/paths.ts';
import { type Count, countCheck, countVitest, failures, total } from './lib/test-count.ts';

/** A step that takes longer hangs. */
const stepLimitMs = 40 * 60_000;

/** Every failed test of the run, to be named again at its end. */
const failed: string[] = [];

type StepResult = { readonly name: string; readonly count: Count; readonly seconds: number };

const reports = mkdtempSync(join(tmpdir(), 'hmtt-test-'));
const node = (...args: string[]): string[] => [execPath, ...args];
const npmBin = (name: string, ...args: string[]): string[] => node(inProject('node_modules', name), ...args);

const steps: Readonly<Record<string, () => Promise<Count>>> = {
  types: () => check(npmBin('typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit')),
  lint: () => check(npmBin('@biomejs/biome/bin/biome', 'ci', '.')),
  unit: () => vitest('unit'),
  integration: () => vitest('integration'),
  build: () => check(node(inProject('scripts', 'build.ts'))),
  e2e: () => (platform === 'linux' ? onVirtualDisplay((env) => vitest('e2e', env)) : vitest('e2e')),
};

const asked = argv.slice(2);
const unknown = asked.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}. Steps: ${Object.keys(steps).join(', ')}`);
  process.exitCode = 1;
} else {
  await runSteps(asked.length > 0 ? asked : Object.keys(steps));
}
rmSync(reports, { recursive: true, force: true });

async function runSteps(names: readonly string[]): Promise<void> {
  const results: StepResult[] = [];
  for (const name of names) {
    console.log(`\n== ${name}`);
    const started = performance.now();
    const count = (await steps[name]?.()) ?? countCheck(null);
    results.push({ name, count, seconds: (performance.now() - started) / 1000 });
  }
  console.log('');
  for (const one of failed) console.log(`FAIL ${one}`);
  for (const { name, count, seconds } of results) {
    const mark = count.failed === 0 ? 'ok  ' : 'FAIL';
    console.log(
      `${mark} ${name.padEnd(12)} ${count.passed} passed, ${count.failed} failed, ${seconds.toFixed(1)} s`,
    );
  }
  const sum = total(results.map((result) => result.count));
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

async function check(command: readonly string[]): Promise<Count> {
  return countCheck(await run(command));
}

async function vitest(project: string, extraEnv: NodeJS.ProcessEnv = {}): Promise<Count> {
  const file = join(reports, `${project}.json`);
  const command = npmBin(
    'vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  );
  const code = await run(command, extraEnv);
  const report = readReport(file);
  failed.push(...failures(report));
  return countVitest(report, code);
}

/** Windows of tests open on a display of their own, never on the person's. */
async function onVirtualDisplay(step: (env: NodeJS.ProcessEnv) => Promise<Count>): Promise<Count> {
  try {
    const display = await openVirtualDisplay();
    try {
      return await step({ ...display.env, WAYLAND_DISPLAY: '' });
    } finally {
      await display.close();
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return countCheck(null);
  }
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // No report is a result of its own: countVitest counts it as a failure.
    return undefined;
  }
}

/** Runs a command in the foreground; null when it could not start, was killed or took too long. */
function run(command: readonly string[], extraEnv: NodeJS.ProcessEnv = {}): Promise<number | null> {
  const [file = '', ...args] = command;
  return new Promise((resolve) => {
    // A group of its own, so that a hanging runner ends with everything it started.
    const child = spawn(file, args, {
      cwd: projectRoot,
      stdio: 'inherit',
      env: { ...env, ...extraEnv },
      detached: platform !== 'win32',
    });
    const end = (): void => {
      if (child.pid !== undefined) kill(platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
    };
    const timer = setTimeout(() => {
      console.error(`This step took longer than ${stepLimitMs / 60_000} minutes and was ended.`);
      end();
    }, stepLimitMs);
    const interrupted = (): void => {
      end();
      process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    const finish = (code: number | null): void => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`${file} could not be started: ${error.message}`);
      finish(null);
    });
    child.on('exit', (code) => finish(code));
  });
}
