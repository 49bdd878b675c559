import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shellRequests } from '#shared/contract/shell.ts';
import { jsonLogger } from '../../../main/engine/platform/logger.ts';
import { refusalLog } from '../../../main/shell/refusals.ts';
import { shellTexts } from '../../../main/shell/texts.ts';
import { isTrusted } from '../../../main/shell/trusted-sender.ts';
import { inProject } from '../../../scripts/lib/paths.ts';

/** Every TypeScript file below a folder of the project. */
function sources(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
}

test('only the two wrapper files touch Electron’s message channels', () => {
  const raw = /\b(ipcMain|ipcRenderer)\b/;
  const found = sources('main', 'renderer', 'shared').filter((file) => {
    const code = readFileSync(inProject(file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    return raw.test(code);
  });
  expect(found.sort()).toEqual(['main/preload/bridge.ts', 'main/shell/ipc.ts']);
});

test('every input schema refuses an unknown field or is no object at all', () => {
  for (const [name, { input }] of Object.entries(shellRequests)) {
    expect(input.safeParse({ title: 'x', suggestedName: 'x', text: 'x', surplus: 1 }).success, name).toBe(
      false,
    );
  }
});

const own = { ownWindow: true, mainFrame: true, origin: 'app://console', url: 'app://console/hosts' };

test.each([
  ['the page itself', own, true],
  ['another window', { ...own, ownWindow: false }, false],
  ['a frame inside the page', { ...own, mainFrame: false }, false],
  ['another origin', { ...own, origin: 'http://console' }, false],
  ['an opaque origin at our address', { ...own, origin: 'null' }, false],
  ['our origin at another address', { ...own, url: 'about:blank' }, false],
  ['a host that begins like ours', { ...own, origin: 'app://console', url: 'app://console.example/' }, false],
])('a call from %s is trusted: %s', (_who, sender, trusted) => {
  expect(isTrusted(sender)).toBe(trusted);
});

test('a page gone wild cannot flood the log, and what was left out is counted', () => {
  const lines: string[] = [];
  let now = 0;
  const refuse = refusalLog(
    jsonLogger(
      (line) => lines.push(line),
      () => 0,
    ),
    () => now,
  );
  for (let count = 0; count < 1_000; count += 1) refuse('request', 'http://x/'.repeat(1_000));
  expect(lines).toHaveLength(200);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(1_000);
  now = 10_000;
  refuse('request', 'http://y/');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    kind: 'request',
    target: 'http://y/',
    leftOut: 800,
  });
});

test('every sentence of the desktop stands in both languages with the same placeholders', () => {
  const holes = (text: string): readonly string[] =>
    [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
  for (const [key, { zh, en }] of Object.entries(shellTexts)) {
    expect(holes(zh), key).toEqual(holes(en));
    expect(zh, key).toMatch(/[\u4e00-\u9fff]/);
    expect(en, key).not.toMatch(/[\u4e00-\u9fff]/);
  }
});
