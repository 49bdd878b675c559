import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../../scripts/lib/paths.ts';
import { type Measured, measured } from './command.ts';
import { makeMany } from './corpus.ts';
import { printFigure } from './report.ts';

const FILES = Number(process.env.HMTT_BENCH_FILES ?? 1_000_000);
const BAR_MB = 350;
const MB_PER_MIB = 1.048576;

/** Memory with a million files in the catalogue: a full, an incremental, and a search for one name. */
export async function benchMillion(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'hmtt-bench-million-'));
  try {
    const source = join(root, 'source');
    mkdirSync(source);
    makeMany(source, FILES);
    const run = (...args: string[]): Promise<Measured> =>
      measured(process.execPath, [
        inProject('dist', 'engine', 'cli.js'),
        '--data',
        join(root, 'data'),
        ...args,
      ]);
    await run('backup', 'add', 'bench', '--source', source, '--to', join(root, 'target'));
    console.log(`\n${FILES} files of a few bytes`);
    const steps: readonly (readonly [string, readonly string[]])[] = [
      ['full', ['backup', 'run', 'bench']],
      ['incremental, nothing changed', ['backup', 'run', 'bench', '--type', 'incremental']],
      [
        'restore of one file',
        [
          'restore',
          'bench',
          '--only',
          `${source.slice(1)}/7/entry-7007.txt`,
          '--to',
          join(root, 'out'),
          '--yes',
        ],
      ],
    ];
    for (const [what, args] of steps) {
      const { seconds, rssMiB } = await run(...args);
      printFigure(`highest memory: ${what}`, rssMiB * MB_PER_MIB, BAR_MB, 'MB', 0);
      console.log(`  in ${seconds.toFixed(1)} s`);
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
