import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesBelow } from './command.ts';
import { Corpus, smallFile } from './corpus.ts';
import { printFigure, printRow, printTools } from './report.ts';
import { makeTools, TOOLS } from './tools.ts';

/** Small files of the tree, by the bars' definition. */
export const FILES = 18_000;
/** Rounds of which the median counts. */
export const ROUNDS = Number(process.env.HMTT_BENCH_ROUNDS ?? 3);
const BARS = { time: 0.8, size: 1.1, restore: 1.0, read: 5 };
const MIB = 1 << 20;

/** Full backups into new stores, restores of all and of one file; the tools take turns in each round. */
export async function benchFull(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'hmtt-bench-backup-'));
  try {
    const source = join(root, 'source');
    new Corpus().makeTree(source, FILES);
    const one = smallFile(source, Math.floor(FILES / 2));
    const backups: number[][] = TOOLS.map(() => []);
    const sizes: number[][] = TOOLS.map(() => []);
    const restores: number[][] = TOOLS.map(() => []);
    const singles: number[][] = TOOLS.map(() => []);
    const memory: number[][] = TOOLS.map(() => []);
    const shares: number[] = [];
    // Nothing is removed before the end: ext4 is slow to make files for half a minute after many were deleted.
    let names: readonly string[] = [];
    // The first round only warms the disk's cache up.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const stores = join(root, `round-${round}`);
      mkdirSync(stores);
      const tools = makeTools(stores, TOOLS);
      names = tools.map((tool) => tool.name);
      for (const [n, tool] of tools.entries()) {
        const made = await tool.backup(source);
        const all = join(stores, `all-${n}`);
        mkdirSync(all);
        const restored = await tool.restoreAll(source, all);
        if (bytesBelow(all) < bytesBelow(source)) throw new Error(`${tool.name} did not restore everything`);
        const few = join(stores, `one-${n}`);
        mkdirSync(few);
        const single = await tool.restoreOne(one, few);
        if (bytesBelow(few) === 0) throw new Error(`${tool.name} did not restore the file`);
        if (round === 0) continue;
        backups[n]?.push(made.seconds);
        sizes[n]?.push(tool.stored() / MIB);
        restores[n]?.push(restored.seconds);
        singles[n]?.push(single.seconds);
        memory[n]?.push(made.rssMiB);
        if (n === 0) shares.push((single.readBytes / tool.stored()) * 100);
      }
    }
    printTools(
      `${FILES} small files + 300 MiB in three, ${Math.round(bytesBelow(source) / MIB)} MiB; medians of ${ROUNDS}`,
      names,
    );
    printRow({ what: 'full, encrypted', unit: 's', figures: backups, bar: BARS.time, also: 2 });
    printRow({ what: 'stored', unit: 'MiB', digits: 1, figures: sizes, bar: BARS.size });
    printRow({ what: 'highest memory of a full', unit: 'MiB', digits: 0, figures: memory });
    printRow({ what: 'restore of all', unit: 's', figures: restores, bar: BARS.restore, also: 2 });
    printRow({ what: 'restore of one file', unit: 's', figures: singles, bar: BARS.restore, also: 2 });
    printFigure('read for one file, program included', Math.max(...shares), BARS.read, '%');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
