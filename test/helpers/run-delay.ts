import { readdirSync, readFileSync } from 'node:fs';
import { pid as ownPid } from 'node:process';

/**
 * How long the main thread of a process was ready to run and waited for a processor so far, milliseconds: what is late
 * because of that is late because of other programs. 0 where the kernel does not tell.
 */
export function runDelayMs(pid = ownPid): number {
  return delayIn(`/proc/${pid}/task/${pid}/schedstat`);
}

/**
 * How long the threads that put pages on the screen, in the processes that this one started and those that these started,
 * waited for a processor so far, milliseconds. 0 where the kernel does not tell.
 */
export function paintDelayMs(): number {
  const children = new Map<number, number[]>();
  for (const name of namesIn('/proc')) {
    const parent = parentOf(name);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  let sum = 0;
  const left = [...(children.get(ownPid) ?? [])];
  for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
    left.push(...(children.get(pid) ?? []));
    if (!/--type=(?:renderer|gpu-process)/.test(textOf(`/proc/${pid}/cmdline`))) continue;
    for (const thread of namesIn(`/proc/${pid}/task`))
      sum += delayIn(`/proc/${pid}/task/${thread}/schedstat`);
  }
  return sum;
}

/** What a folder of /proc lists by number; nothing when it is gone meanwhile. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function parentOf(pid: string): number | null {
  const stat = textOf(`/proc/${pid}/stat`);
  // After the name, which may hold anything, come the state and the parent.
  return stat === '' ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

const delayIn = (file: string): number => Number(textOf(file).split(' ')[1] ?? 0) / 1e6;

/** Empty when there is no such file, or the process has gone. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
