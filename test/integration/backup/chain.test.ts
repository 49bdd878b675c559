import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { BackupType } from '#shared/contract/backup.ts';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { describeTree, type TreeEntry, treeDifferences } from '../../helpers/trees.ts';
import { firstTree, mutate, seeded } from './chain-tree.ts';
import { debian } from './harness.ts';

const SEEDS = (process.env.HMTT_CHAIN_SEEDS ?? '1,2,3').split(',').map(Number);

const TYPES: readonly BackupType[] = [
  'full',
  'incremental',
  'incremental',
  'differential',
  'incremental',
  'incremental',
  'incremental',
  'differential',
  'full',
  'incremental',
];

type Point = { readonly id: string; readonly archivePath: string; readonly parentId: string | null };

/** A source that changes at random, backed up each time, then every point brought back by the console and by hand. */
async function history(seed: number): Promise<void> {
  const random = seeded(seed);
  const dir = temporaryFolder('chain');
  const source = join(dir, 'source');
  mkdirSync(source);
  const engine = await startHeadlessEngine(join(dir, 'data'));
  try {
    await engine.call('backup.plans.add', { name: 'p', sources: [source], targetDir: join(dir, 'target') });
    const points: (Point & { readonly stood: Map<string, TreeEntry> })[] = [];
    for (const [index, type] of TYPES.entries()) {
      if (index === 0) firstTree(source, random);
      else mutate(source, random, random(12));
      // Of a file that changed just now the times tell nothing (facts-list.ts); both ways of comparing are walked.
      if (index % 3 !== 2) await wait(2_100);
      const job = await jobEnd(engine, (await engine.call('backup.run', { name: 'p', type })).jobId);
      expect(job.error).toBeNull();
      const point = await engine.call('backup.points.get', { pointId: job.result?.id ?? '' });
      expect(point.type).toBe(type);
      expect(point.report.skipped).toEqual([]);
      points.push({ ...point, stood: describeTree(source) });
    }
    for (const { id, stood } of points) {
      const out = join(dir, `out-${id}`);
      const planned = await jobEnd(
        engine,
        (await engine.call('restore.plan', { pointId: id, targetDir: out })).jobId,
      );
      expect(planned.error).toBeNull();
      // Into a new folder there is nothing to confirm.
      const started = await engine.call('restore.start', { planId: planned.result?.id ?? '', confirm: '' });
      expect((await jobEnd(engine, started.jobId)).error).toBeNull();
      expect(treeDifferences(stood, describeTree(join(out, source)))).toEqual([]);
    }
    // By hand, as the text in the archive says: the full, then each later archive of the chain in order.
    const byId = new Map(points.map((point) => [point.id, point]));
    for (const { id, stood } of points) {
      const chain: string[] = [];
      for (let at = byId.get(id); at !== undefined; at = byId.get(at.parentId ?? ''))
        chain.unshift(at.archivePath);
      const hand = join(dir, `hand-${id}`);
      mkdirSync(hand);
      for (const [index, archive] of chain.entries()) {
        if (index > 0)
          debian(
            'bash',
            [
              '-o',
              'pipefail',
              '-c',
              'zstd -dc "$1" | tar -xOf - .hmtt-archive/DELETED | xargs -0r rm -rf --',
              'sh',
              archive,
            ],
            { cwd: hand },
          );
        debian('bash', ['-o', 'pipefail', '-c', 'zstd -dc "$1" | tar -xpf -', 'sh', archive], {
          cwd: hand,
        });
        debian('sha256sum', ['--quiet', '--strict', '-c', '.hmtt-archive/SHA256SUMS'], { cwd: hand });
      }
      expect(treeDifferences(stood, describeTree(join(hand, source)))).toEqual([]);
    }
  } finally {
    engine.close();
    await engine.stop();
  }
}

// Side by side: most of it is waiting until a change is old enough to be told from the next.
test(`every point of random histories comes back as it stood, seeds ${SEEDS}`, {
  timeout: 600_000,
}, async () => {
  await Promise.all(
    SEEDS.map((seed) =>
      history(seed).catch((cause: unknown) => {
        throw new Error(`the history of seed ${seed}`, { cause });
      }),
    ),
  );
});
