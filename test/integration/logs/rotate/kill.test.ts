import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RotationPolicyInput } from '#shared/contract/logs-rotation-policy.ts';
import { tempFolder } from '../helpers.ts';
import { openRotation, putPolicy, unpacked } from './rotation-area.ts';

/** Kills at random moments, besides the one after each step. */
const KILLS = Number(process.env.HMTT_ROTATION_KILLS ?? 1);
const child = fileURLToPath(new URL('./kill-child.ts', import.meta.url));
/** Policy, and the steps after which it is killed; between them the cases have each step at least once. */
const CASES: readonly [string, Partial<RotationPolicyInput>, readonly string[]][] = [
  ['archive names', {}, ['rename', 'pack', 'record']],
  [
    'numbered names',
    { naming: { style: 'numbered' }, compress: 'gzip', create: {} },
    ['verify', 'record', 'delete'],
  ],
  [
    'numbered names, not compressed',
    { naming: { style: 'numbered' }, compress: 'none' },
    ['reopen', 'record'],
  ],
  ['copytruncate', { method: 'copytruncate' }, ['rename', 'release', 'drain']],
];

describe.each(CASES)('killing the rotator with -9: %s', (_name, policy, steps) => {
  let folder: ReturnType<typeof tempFolder>;
  let next = 0;
  const log = (): string => join(folder.dir, 'in', 'app.log');
  const data = (): string => join(folder.dir, 'data');

  const write = (lines: number): void => {
    const text = Array.from({ length: lines }, () => `numbered ${next++} end\n`).join('');
    appendFileSync(log(), text);
  };
  const runChild = (step: string, killAfterMs: number | null): Promise<NodeJS.Signals | null> =>
    new Promise((resolve) => {
      const started = spawn(process.execPath, [child, data(), 'app', step], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      if (killAfterMs !== null)
        started.stdout?.once('data', () => setTimeout(() => started.kill('SIGKILL'), killAfterMs));
      started.once('exit', (_code, signal) => resolve(signal));
    });

  beforeEach(async () => {
    folder = tempFolder();
    next = 0;
    mkdirSync(join(folder.dir, 'in'));
    writeFileSync(log(), '');
    const setup = openRotation(data());
    await putPolicy(setup, { name: 'app', paths: [log()], missingOk: true, ...policy });
    await setup.close();
  });
  afterEach(() => folder.remove());

  it(`after ${steps.join(', ')} and at random moments: no line lost or doubled, the chain is whole`, async () => {
    for (const step of steps) {
      write(500);
      expect(await runChild(step, null)).toBe('SIGKILL');
    }
    for (let kill = 0; kill < KILLS; kill += 1) {
      write(2000);
      await runChild('', Math.random() * 60);
    }
    const after = openRotation(data());
    expect((await after.run('app')).error).toBeNull();
    expect(after.area.faults()).toEqual([]);
    const { segments } = await after.call('rotation.segments.list', { limit: 1000 });
    const text = segments
      .toReversed()
      .map(({ file }) => unpacked(file))
      .join('');
    const found = [...text.matchAll(/numbered (\d+) end\n/g)].map((match) => Number(match[1]));
    expect(found.toSorted((a, b) => a - b)).toEqual(Array.from({ length: next }, (_, n) => n));
    const report = await after.call('rotation.verify', {});
    expect(report.findings).toEqual([]);
    const left = readdirSync(join(folder.dir, 'in')).filter((name) => /\.part$|-\d{8}T/.test(name));
    expect(left).toEqual([]);
    await after.close();
  });
});
