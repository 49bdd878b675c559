import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Corpus } from './corpus.ts';
import { FILES, ROUNDS } from './full.ts';
import { printFigure, printRow, printTools } from './report.ts';
import { makeTools, TOOLS_WITH_HISTORY, type Tool } from './tools.ts';

const BAR = 1.0;
const MIB = 1 << 20;
const LOG_MIB = 1_024;
/** A file whose change is younger than this is read again by those who trust its times: all tools start equal. */
const SETTLE_MS = 2_500;

/** Second and later backups: nothing changed, 100 files changed, 1 MiB appended to a log of 1 GiB. */
export async function benchAgain(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'hmtt-bench-again-'));
  try {
    const corpus = new Corpus();
    const tree = join(root, 'tree');
    corpus.makeTree(tree, FILES);
    const logs = join(root, 'logs');
    mkdirSync(logs);
    const log = join(logs, 'app.log');
    corpus.makeLog(log, LOG_MIB);
    await wait(SETTLE_MS);

    const stores = join(root, 'stores');
    mkdirSync(stores);
    const tools = makeTools(stores, TOOLS_WITH_HISTORY);
    for (const tool of tools) await tool.backup(tree);
    printTools(
      `after a full; medians of ${ROUNDS}`,
      tools.map((tool) => tool.name),
    );
    await measure('nothing changed', tools, tree, () => 0);
    await measure('100 files changed', tools, tree, (round) => corpus.changeFiles(tree, FILES, 100, round));
    rmSync(stores, { recursive: true });

    mkdirSync(stores);
    const others = makeTools(stores, TOOLS_WITH_HISTORY);
    for (const tool of others) await tool.backup(logs);
    await measure('1 MiB appended to 1 GiB', others, logs, () => corpus.appendLog(log));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** @param change changes the source before a round; returns the bytes that changed */
async function measure(
  what: string,
  tools: readonly Tool[],
  source: string,
  change: (round: number) => number,
): Promise<void> {
  const seconds: number[][] = tools.map(() => []);
  const stored: number[][] = tools.map(() => []);
  let worst = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const changed = change(round);
    await wait(SETTLE_MS);
    for (const [n, tool] of tools.entries()) {
      const before = tool.stored();
      seconds[n]?.push((await tool.backup(source)).seconds);
      const grown = tool.stored() - before;
      stored[n]?.push(grown / MIB);
      if (n === 0) worst = Math.max(worst, grown / (2 * changed + 1_000_000));
    }
  }
  printRow({ what, unit: 's', figures: seconds, bar: BAR });
  printRow({ what: '  stored', unit: 'MiB', digits: 3, figures: stored });
  printFigure('  of twice the change + 1 MB', worst, 1, '');
}
