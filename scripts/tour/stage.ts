import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type NodeExporter, startNodeExporter } from '../../test/helpers/node-exporter.ts';

/** The small real site that the tour shows: exporters, a log that is being written, files to back up. */
export type Stage = {
  readonly dir: string;
  readonly exporters: readonly NodeExporter[];
  /** A log file in the `TIME LEVEL message` shape; a line is added several times a second. */
  readonly logFile: string;
  /** A folder with some hundred files. */
  readonly dataFolder: string;
  /** An empty folder for archives. */
  readonly backupFolder: string;
  /** An empty folder to restore into. */
  readonly restoreFolder: string;
  /** Waits until the site has been watched for some minutes, so that charts have something to show. */
  readonly untilWatched: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** How long the site is watched before its charts are shown, milliseconds. */
const WATCHED_MS = 200_000;

const messages = [
  ['INFO', 'request served path=/api/orders status=200 ms='],
  ['INFO', 'session opened user=operator-'],
  ['DEBUG', 'cache hit key=order-'],
  ['WARN', 'slow query table=orders ms='],
  ['INFO', 'batch written rows='],
  ['ERROR', 'connection to db-2 lost, retry in s='],
] as const;

function logLine(time: Date, count: number): string {
  const [level, message] = messages[count % 17 === 0 ? 5 : count % 5] ?? messages[0];
  return `${time.toISOString()} ${level} ${message}${(count * 37) % 900}\n`;
}

/** Two hours of log up to now, an error now and then, with a bad quarter of an hour in it. */
function pastLog(now: number): string {
  const lines: string[] = [];
  for (let count = 0; count < 3_000; count += 1) {
    const time = new Date(now - (3_000 - count) * 2_400);
    const bad = count > 2_200 && count < 2_500 && count % 3 === 0;
    lines.push(logLine(time, bad ? count * 17 : count));
  }
  return lines.join('');
}

/** Puts the stage up. */
export async function openStage(): Promise<Stage> {
  const openedAt = Date.now();
  const dir = mkdtempSync(join(tmpdir(), 'hmtt-tour-'));
  const at = (name: string): string => {
    mkdirSync(join(dir, name), { recursive: true });
    return join(dir, name);
  };
  const dataFolder = at('hmtt-data');
  for (let index = 0; index < 240; index += 1) {
    const folder = join(dataFolder, `2026-${String(1 + (index % 12)).padStart(2, '0')}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, `order-${String(index).padStart(4, '0')}.json`),
      `{"order":${index}}\n`.repeat(200 + index),
    );
  }
  const logFile = join(at('log'), 'hmtt.log');
  writeFileSync(logFile, pastLog(Date.now()));
  let count = 0;
  const writer = setInterval(() => {
    count += 1;
    appendFileSync(logFile, logLine(new Date(), count));
  }, 150);
  const exporters: NodeExporter[] = [];
  const close = async (): Promise<void> => {
    clearInterval(writer);
    for (const exporter of exporters) await exporter.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    for (let index = 0; index < 4; index += 1) exporters.push(await startNodeExporter());
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return {
    dir,
    exporters,
    logFile,
    dataFolder,
    backupFolder: at('backups'),
    restoreFolder: at('restored'),
    untilWatched: async () => {
      const rest = openedAt + WATCHED_MS - Date.now();
      if (rest > 0) await wait(rest);
    },
    close,
  };
}
