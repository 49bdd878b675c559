import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zhCN } from '../../renderer/locales/zh-CN/index.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { expectSmooth, measureFrames } from '../helpers/frames.ts';
import { goTo } from '../helpers/go.ts';

/** A process of its own writes 5,000 lines a second; the live tail shows them soon, and the window stays smooth. */

const PER_SECOND = 5_000;
/** From the moment a line was written to the moment it is on the screen, milliseconds. */
const ON_SCREEN_MS = 500;
const MEASURED_MS = 4_000;

/** Writes every 20 ms; the time in a line is the time of writing it. */
const WRITER = `
const { openSync, writeSync } = require('node:fs');
const fd = openSync(process.argv[1], 'a');
const started = Date.now();
let written = 0;
setInterval(() => {
  const due = Math.floor(((Date.now() - started) * ${PER_SECOND}) / 1000);
  let text = '';
  for (; written < due; written += 1) {
    text += new Date().toISOString() + ' INFO request ' + written + ' served for client ' + (written * 7919) % 100003 + '\\n';
  }
  writeSync(fd, text);
}, 20);
`;

const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-tail-'));
const file = join(folder, 'busy.log');
let run: ConsoleRun;
let page: Page;
let engine: EngineAccess;
let writer: ChildProcess | null = null;

beforeAll(async () => {
  writeFileSync(file, '');
  run = await launchConsole({ language: 'zh-CN', ready: true });
  page = run.page;
  await run.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1366, 768));
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
  await engine.call('logs.sources.add', { name: 'busy', path: file, format: 'time-level' });
  await goTo(page, '/logs?tab=live&tail=');
  await page.waitForSelector('[data-tail-status="live"]');
  // A tail shows what comes after it has begun; what is measured is one that runs.
  await until('the first line', async () => {
    appendFileSync(file, `${new Date().toISOString()} INFO ready\n`);
    await page.waitForTimeout(200);
    return (await page.locator('.log-line').count()) > 0;
  });
});

afterAll(async () => {
  writer?.kill('SIGKILL');
  engine?.close();
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('shows a line soon after it was written, and stays at 55 frames a second', async () => {
  writer = spawn(execPath, ['-e', WRITER, file], { stdio: 'inherit' });
  await page.getByText('request', { exact: false }).first().waitFor();
  await page.waitForTimeout(1_000);
  // The newest line on the screen tells when it was written; it is looked at after each frame that shows another one.
  await page.evaluate(() => {
    const delays: number[] = [];
    Object.assign(window, { tailDelays: delays });
    let seen: string | null = null;
    const look = (): void => {
      const line = document.querySelector('.log-line');
      const id = line?.getAttribute('data-event-id') ?? null;
      if (line && id !== seen) {
        seen = id;
        const stamp = line.querySelector('span')?.textContent ?? '';
        delays.push(Date.now() - new Date(stamp.replace(' ', 'T')).getTime());
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const frames = await measureFrames(page, () => page.waitForTimeout(MEASURED_MS));
  const delays = (await page.evaluate(() => Reflect.get(window, 'tailDelays') as number[])).toSorted(
    (a, b) => a - b,
  );
  const at = (share: number): number =>
    delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? -1;
  console.log(
    'live-tail',
    JSON.stringify({ ...frames, updates: delays.length, p50: at(0.5), p95: at(0.95) }),
  );
  expect(delays.length * frames.delay).toBeGreaterThan(8);
  expect(at(0.5)).toBeLessThanOrEqual(ON_SCREEN_MS * frames.delay);
  expectSmooth(frames);
});

test('says what it left out, and every line is stored', async () => {
  const ended = new Promise((resolve) => writer?.once('exit', resolve));
  writer?.kill('SIGKILL');
  // What it writes until it is gone counts as well.
  await ended;
  await engine.call('logs.sync', {});
  await until('the figures to come to rest', async () => {
    const text = (await page.locator('.list-line').first().innerText()).replaceAll(',', '');
    const received = Number(/共 (\d+) 条/.exec(text)?.[1] ?? '0');
    const note = (await page.getByText(zhCN.logs.live.skipped.split('{{')[0] ?? '').allInnerTexts()).join('');
    const skipped = Number(/(\d+)/.exec(note.replaceAll(',', ''))?.[1] ?? '0');
    const { total } = await engine.call('logs.count', { query: '' });
    const { total: requests } = await engine.call('logs.count', { query: 'request' });
    const told = received + skipped;
    return requests > PER_SECOND * 3 && requests <= told && told <= total;
  });
});
