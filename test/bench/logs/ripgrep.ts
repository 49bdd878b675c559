import { spawnSync } from 'node:child_process';
import { median } from '../metrics/report.ts';

/** How long ripgrep takes to count the lines of a folder that match, in milliseconds, and how many there are. */
export function ripgrep(
  args: readonly string[],
  folder: string,
  times: number,
): { ms: number; lines: number } {
  const took: number[] = [];
  let lines = 0;
  // The first run is not measured: it brings the files into the cache.
  for (let run = 0; run <= times; run += 1) {
    const began = performance.now();
    const { stdout, status } = spawnSync('rg', ['-c', '--no-filename', ...args, folder], {
      encoding: 'utf8',
    });
    if (status !== 0 && status !== 1) throw new Error('rg is missing: apt-get install ripgrep');
    if (run > 0) took.push(performance.now() - began);
    lines = stdout.split('\n').reduce((sum, count) => sum + Number(count), 0);
  }
  return { ms: median(took), lines };
}
