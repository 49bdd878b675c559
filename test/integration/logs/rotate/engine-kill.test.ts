import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startHeadlessEngine } from '../../../helpers/headless-engine.ts';
import { jobEnd } from '../../../helpers/job-end.ts';
import { tempFolder, until } from '../helpers.ts';
import { start, stop } from '../peers.ts';
import { unpacked } from './rotation-area.ts';

const writerEntry = fileURLToPath(new URL('../writer.ts', import.meta.url));
/** Kills of the engine; each comes with a rotation that it cuts off somewhere, and one that is whole. */
const KILLS = Number(process.env.HMTT_ENGINE_KILLS ?? 2);
const WRITERS = Number(process.env.HMTT_ENGINE_WRITERS ?? 2);

it(`the console's own rotation while it reads: ${WRITERS} writers, ${KILLS} kills of the engine, no line lost or doubled`, async () => {
  const folder = tempFolder();
  const logs = join(folder.dir, 'in');
  const data = join(folder.dir, 'data');
  mkdirSync(logs);
  const writers: { readonly child: ChildProcess; readonly path: string; output: string }[] = [];
  let engine = await startHeadlessEngine(data);
  try {
    for (let n = 0; n < WRITERS; n += 1) {
      const path = join(logs, `writer-${n}.log`);
      const one = { child: start(process.execPath, [writerEntry, path, '10']), path, output: '' };
      one.child.stdout?.on('data', (chunk: Buffer) => {
        one.output += chunk.toString();
      });
      writers.push(one);
      await until('a writer writes', () => one.output.includes('ready'));
    }
    await engine.call('logs.sources.add', { path: join(logs, '*.log') });
    await engine.call('rotation.policies.put', {
      name: 'writers',
      paths: [join(logs, '*.log')],
      reopen: { kind: 'signal', signal: 'HUP' },
    });
    let rotations = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const whole = await jobEnd(engine, (await engine.call('rotation.run', {})).jobId);
      expect(whole.error).toBeNull();
      rotations += WRITERS;
      void engine.call('rotation.run', {}).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
      await engine.kill();
      engine = await startHeadlessEngine(data);
    }
    const last = await jobEnd(engine, (await engine.call('rotation.run', {})).jobId);
    expect(last.error).toBeNull();
    let written = 0;
    for (const one of writers) {
      await stop(one.child);
      await until('a writer says how much it wrote', () => /ready\n\d+\n/.test(one.output));
      written += Number(/ready\n(\d+)\n/.exec(one.output)?.[1]);
    }
    await jobEnd(engine, (await engine.call('rotation.run', {})).jobId);
    await engine.call('logs.sync', {});
    // In the store, and in the archive.
    expect((await engine.call('logs.count', { query: 'numbered' })).total).toBe(written);
    const { segments, total } = await engine.call('rotation.segments.list', { limit: 1000 });
    expect(total).toBeGreaterThanOrEqual(rotations);
    expect(segments.reduce((sum, { lines }) => sum + lines, 0)).toBe(written);
    for (const { path } of writers) {
      const text = segments
        .filter(({ source }) => source === path)
        .toReversed()
        .map(({ file }) => unpacked(file))
        .join('');
      const numbers = [...text.matchAll(/numbered (\d{7}) end\n/g)].map((match) => Number(match[1]));
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, n) => n));
    }
    expect(readdirSync(logs).filter((name) => !name.endsWith('.log'))).toEqual([]);
    expect(await engine.call('rotation.verify', {})).toMatchObject({ ok: true, findings: [] });
  } finally {
    for (const { child } of writers) await stop(child, 'SIGKILL');
    await engine.stop();
    folder.remove();
  }
}, 600_000);
