import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { electronLaunch, rootArguments } from '../../scripts/electron-path.ts';
import { hasDisplay, openVirtualDisplay } from '../../scripts/lib/display.ts';
import { inProject } from '../../scripts/lib/paths.ts';

/** How often each start is measured after one that only warms the disk's cache up. */
const ROUNDS = Number(process.env.HMTT_BENCH_ROUNDS ?? 7);
const LIMIT_MS = 60_000;
/** How long the console stays open in the first round: what it keeps of a start for the next one is on the disk by then. */
const SETTLE_MS = 5_000;
/** The bar: first useful paint against a bare window. */
const BAR = 2.0;

/** An Electron app that does nothing but show an empty page, and says when it did. */
const bareMain = `
const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1366, height: 768, show: false });
  window.once('show', () => process.stdout.write('SHOWN ' + Date.now() + '\\n'));
  window.once('ready-to-show', () => window.show());
  window.loadURL('data:text/html,<title>bare</title>');
});
`;

type Start = { readonly child: ChildProcess; readonly at: number };

/**
 * `npm run bench -- start`: time from starting the process to the first useful paint (the overview with this
 * workstation's live values), against a bare Electron window with an empty page on the same machine. The kinds of
 * start alternate, so that a busy moment of the machine hits all of them.
 */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-bench-start-'));
  const display = hasDisplay() ? null : await openVirtualDisplay();
  const env = { ...process.env, ...display?.env };
  try {
    const bare = join(folder, 'bare');
    const site = join(folder, 'site');
    let fresh = 0;
    const kinds: Readonly<Record<string, (stayMs: number) => Promise<number>>> = {
      'bare window': () => bareStart(makeBareApp(bare), env),
      'console, new data folder': (stayMs) => consoleStart(join(folder, `new-${fresh++}`), env, stayMs),
      'console, existing folder': (stayMs) => consoleStart(site, env, stayMs),
    };
    const times: Record<string, number[]> = {};
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [name, measure] of Object.entries(kinds)) {
        const ms = await measure(round === 0 ? SETTLE_MS : 0);
        // The first round fills the disk's cache, makes the existing folder, and has the engine compiled.
        if (round > 0) times[name] = [...(times[name] ?? []), ms];
      }
    }
    print(times);
  } finally {
    await display?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeBareApp(folder: string): string {
  const app = mkdtempSync(`${folder}-`);
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ name: 'bare', version: '0.0.0', main: 'main.cjs' }),
  );
  writeFileSync(join(app, 'main.cjs'), bareMain);
  return app;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv): Start {
  const at = Date.now();
  const child = spawn(
    electronLaunch().executablePath,
    [...rootArguments(), '--remote-debugging-port=0', ...args],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return { child, at };
}

async function bareStart(app: string, env: NodeJS.ProcessEnv): Promise<number> {
  const { child, at } = start([app, `--user-data-dir=${app}`], env);
  try {
    const [, shown] = await line(child, 'stdout', /SHOWN (\d+)/);
    return Number(shown) - at;
  } finally {
    await end(child);
  }
}

async function consoleStart(dataDir: string, env: NodeJS.ProcessEnv, stayMs: number): Promise<number> {
  const { child, at } = start([inProject(), '--data', dataDir, '--lang', 'zh-CN'], env);
  try {
    const [, port] = await line(child, 'stderr', /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//);
    // The page keeps the moment; asking for it early would only slow down what is measured.
    await wait(1_000);
    const ms = (await usefulPaint(Number(port))) - at;
    await wait(stayMs);
    return ms;
  } finally {
    await end(child);
  }
}

/** Waits for a line that matches on one of the child's outputs. */
function line(child: ChildProcess, from: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () => reject(new Error(`no ${pattern} within ${LIMIT_MS} ms: ${text}`)),
      LIMIT_MS,
    );
    child.stdout?.on('data', (part: Buffer) => from === 'stdout' && hear(part));
    child.stderr?.on('data', (part: Buffer) => from === 'stderr' && hear(part));
    const hear = (part: Buffer): void => {
      text += part.toString('utf8');
      const match = pattern.exec(text);
      if (match === null) return;
      clearTimeout(timer);
      resolve(match);
    };
  });
}

/** The moment of the page's `useful-paint` mark, UTC milliseconds. */
async function usefulPaint(port: number): Promise<number> {
  const deadline = Date.now() + LIMIT_MS;
  const expression =
    "(() => { const [mark] = performance.getEntriesByName('useful-paint'); return mark ? performance.timeOrigin + mark.startTime : 0; })()";
  while (Date.now() < deadline) {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as readonly {
      readonly type: string;
      readonly webSocketDebuggerUrl: string;
    }[];
    const page = targets.find((target) => target.type === 'page');
    const at = page === undefined ? 0 : await evaluate(page.webSocketDebuggerUrl, expression);
    if (at > 0) return at;
    await wait(200);
  }
  throw new Error('the console showed no live values');
}

function evaluate(address: string, expression: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    socket.onerror = () => reject(new Error(`no answer from ${address}`));
    socket.onopen = () => {
      socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      const answer = JSON.parse(event.data) as {
        readonly result?: { readonly result?: { readonly value?: number } };
      };
      socket.close();
      resolve(answer.result?.result?.value ?? 0);
    };
  });
}

/** Ends a start in order and waits until it is gone. */
function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function print(times: Readonly<Record<string, readonly number[]>>): void {
  const base = median(times['bare window'] ?? []);
  console.log(
    `first useful paint, ${ROUNDS} alternating starts each, milliseconds (bar: ratio ${BAR.toFixed(1)})`,
  );
  console.log(
    `${'start'.padEnd(28)}${'median'.padStart(8)}${'min'.padStart(8)}${'max'.padStart(8)}${'ratio'.padStart(8)}`,
  );
  for (const [name, values] of Object.entries(times)) {
    const middle = median(values);
    const cells = [middle, Math.min(...values), Math.max(...values)].map((value) =>
      value.toFixed(0).padStart(8),
    );
    console.log(`${name.padEnd(28)}${cells.join('')}${(middle / base).toFixed(2).padStart(8)}`);
  }
}
