import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { encodePath } from '../platform/raw-path.ts';
import { entryMtimeNs } from './decide.ts';
import type { PlanStore, StoredItem } from './plan-store.ts';
import { standingAt } from './saved.ts';

const BATCH = 500;
const PARALLEL = 4;

/**
 * Gives paths their times to the last nanosecond. Node sets times as a double of seconds, which loses the last digits; an
 * undo promises what was there, so those that differ are set by `touch`. Where there is none, they stay within a
 * microsecond.
 */
export async function setExactTimes(store: PlanStore, signal: AbortSignal): Promise<void> {
  if (process.platform === 'win32') return;
  const folders: StoredItem[] = [];
  for (let after = 0; ; ) {
    const items = store.next(['pending', 'done', 'verified'], after, BATCH);
    if (items.length === 0) break;
    after = items.at(-1)?.seq ?? after;
    // A file that was put back by its other name never lost its time.
    const touched = items.filter((item) => item.entry.kept?.how !== 'link');
    folders.push(...touched.filter((item) => item.entry.type === 'directory'));
    const others = touched.filter((item) => item.entry.type !== 'directory');
    if (!(await setAll(others, signal))) return;
  }
  await setAll(folders, signal);
}

/** False where there is no `touch`, so that nobody asks again. */
async function setAll(items: readonly StoredItem[], signal: AbortSignal): Promise<boolean> {
  for (let at = 0; at < items.length; at += PARALLEL) {
    signal.throwIfAborted();
    const done = await Promise.all(items.slice(at, at + PARALLEL).map(setOne));
    if (done.includes('no tool')) return false;
  }
  return true;
}

async function setOne({ target, entry }: StoredItem): Promise<'done' | 'no tool'> {
  const wanted = entryMtimeNs(entry);
  const now = await standingAt(target);
  if (now === null || BigInt(now.mtimeNs) === wanted) return 'done';
  const touch = ['-h', '-c', '-m', '-d', `@${entry.mtime}`, '--'];
  // A name that is not UTF-8 cannot be an argument; `xargs` takes it as bytes.
  const child = target.isWellFormed()
    ? spawn('touch', [...touch, target], { stdio: 'ignore' })
    : spawn('xargs', ['-0', 'touch', ...touch], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin?.on('error', () => undefined).end(encodePath(target));
  try {
    // BusyBox knows neither fractions nor the option: then the time stays as near as Node could set it.
    await once(child, 'close');
    return 'done';
  } catch {
    return 'no tool';
  }
}
