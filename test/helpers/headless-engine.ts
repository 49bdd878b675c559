import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type EngineAccess, reachEngine } from './engine.ts';

const cli = fileURLToPath(new URL('../../main/engine/cli.ts', import.meta.url));

/** What one run of the `hmtt` command gave. */
export type CommandRun = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs `hmtt` to its end on a data folder, in English. */
export function hmtt(dataDir: string, ...args: string[]): Promise<CommandRun> {
  return run('en', dataDir, args);
}

/** As {@link hmtt}, in Chinese. */
export function hmttInChinese(dataDir: string, ...args: string[]): Promise<CommandRun> {
  return run('zh', dataDir, args);
}

async function run(language: 'zh' | 'en', dataDir: string, args: readonly string[]): Promise<CommandRun> {
  const child = spawn(process.execPath, [cli, '--data', dataDir, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HMTT_LANG: language },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** An engine in a process of its own, as `hmtt serve` runs it. */
export type HeadlessEngine = EngineAccess & {
  readonly pid: number;
  /** Base of the HTTP API. */
  readonly api: string;
  /** kill -9, and wait until the process is gone. */
  readonly kill: () => Promise<void>;
  /** Orderly end; resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
};

/** Starts `hmtt serve` and waits for its ready line. Fails with its own words when it does not become ready. */
export async function startHeadlessEngine(
  dataDir: string,
  listen: readonly string[] = ['--listen', '127.0.0.1:0'],
  entry = cli,
): Promise<HeadlessEngine> {
  const child: ChildProcess = spawn(process.execPath, [entry, '--data', dataDir, 'serve', ...listen], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HMTT_LANG: 'en' },
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ready = await new Promise<{ ready: boolean; api: string }>((resolve, reject) => {
    let line = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      line += chunk.toString('utf8');
      if (line.includes('\n')) resolve(JSON.parse(line.slice(0, line.indexOf('\n'))));
    });
    void gone.then((code) => reject(new Error(`hmtt serve ended with ${code}: ${errors}`)));
  });
  const access = await reachEngine(dataDir);
  if (access === null) throw new Error(`the engine is ready but its socket does not answer: ${errors}`);
  return {
    ...access,
    pid: child.pid ?? -1,
    api: ready.api,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return gone;
    },
  };
}
