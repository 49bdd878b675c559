import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/** A process that has a file open for writing. */
export type Holder = {
  readonly pid: number;
  readonly name: string;
  /** Where it stands in the file: behind the last byte it wrote, when it appends. */
  readonly position: number;
};

/** Who holds a file. */
export type Holders = {
  readonly holders: readonly Holder[];
  /** Some processes could not be looked at, so there may be more. */
  readonly isPartial: boolean;
};

/** Access modes of open(2), in the octal `flags` of fdinfo. */
const WRITES = 0o3;

/**
 * Finds the processes that hold a file open for writing (proc(5): `/proc/PID/fd`, `/proc/PID/fdinfo`). Readers do not count:
 * they hinder nobody. Where there is no /proc, nothing is known: `isPartial` is true.
 *
 * @param place device and inode as `dev:ino`
 */
export function findHolders(place: string, proc = '/proc'): Holders {
  let pids: readonly string[];
  try {
    pids = readdirSync(proc).filter((name) => /^\d+$/.test(name));
  } catch {
    // Not Linux: the caller falls back on watching the file.
    return { holders: [], isPartial: true };
  }
  const own = String(process.pid);
  const holders: Holder[] = [];
  let isPartial = false;
  for (const pid of pids) {
    if (pid === own) continue;
    const folder = `${proc}/${pid}`;
    let fds: readonly string[];
    try {
      fds = readdirSync(`${folder}/fd`);
    } catch (thrown) {
      // A process that has ended holds nothing; one of another user may.
      if ((thrown as { readonly code?: unknown }).code === 'EACCES') isPartial = true;
      continue;
    }
    for (const fd of fds) {
      const held = heldBy(folder, fd, place);
      if (held !== null) holders.push({ pid: Number(pid), name: nameOf(folder), position: held });
    }
  }
  return { holders, isPartial };
}

function heldBy(folder: string, fd: string, place: string): number | null {
  try {
    // Most descriptors are sockets and pipes; their link says so, which is cheaper than asking for their state.
    if (!readlinkSync(`${folder}/fd/${fd}`).startsWith('/')) return null;
    const stats = statSync(`${folder}/fd/${fd}`, { bigint: true });
    if (`${stats.dev}:${stats.ino}` !== place) return null;
    const info = readFileSync(`${folder}/fdinfo/${fd}`, 'utf8');
    const flags = Number.parseInt(/^flags:\s*([0-7]+)/m.exec(info)?.[1] ?? '0', 8);
    return (flags & WRITES) === 0 ? null : Number(/^pos:\s*(\d+)/m.exec(info)?.[1] ?? 0);
  } catch {
    // Closed between two looks.
    return null;
  }
}

function nameOf(folder: string): string {
  try {
    return readFileSync(`${folder}/comm`, 'utf8').trim();
  } catch {
    return '?';
  }
}

/** Holders for a sentence: `nginx (1234)、cron (88)`. */
export function nameHolders(holders: readonly Holder[]): string {
  const names = [...new Set(holders.map(({ pid, name }) => `${name} (${pid})`))];
  return names.length > 5 ? `${names.slice(0, 5).join(', ')}, … (${names.length})` : names.join(', ');
}
