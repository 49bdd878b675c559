import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod';

/** What a start or an after-hook needs when it is done later, by another engine. */
export const owedTaskSchema = z.object({
  command: z.string(),
  check: z.string().nullable(),
  timeoutMs: z.number(),
  /** The unit of a host, for a start that is made there. */
  host: z.object({ login: z.string(), unit: z.string() }).optional(),
  /** `HMTT_…` variables, all but `HMTT_RESULT`. */
  env: z.record(z.string(), z.string()),
});
export type OwedTask = z.infer<typeof owedTaskSchema>;

/**
 * When a process was born, in ticks since boot, with the id of this boot (Linux); with it a number that was given to another
 * process later is told apart. Null elsewhere, or when there is no such process.
 */
export function processBirth(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything; field 22 is counted from behind it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return ticks === undefined ? null : `${boot}:${ticks}`;
  } catch {
    return null;
  }
}

/** Ends what is left of a command that an earlier engine started, when it still is that command. */
export function endLeftover(pid: number | null, born: string | null): boolean {
  if (pid === null || born === null || processBirth(pid) !== born) return false;
  try {
    process.kill(-pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends commands of a run whose engine was killed between starting them and writing down that it had: they carry the run's
 * point in their environment (Linux; elsewhere there is no way to ask).
 *
 * @returns how many groups were ended
 */
export function endStrays(pointId: string): number {
  const groups = new Set<number>();
  for (const name of namesIn('/proc')) {
    const group = /^\d+$/.test(name) ? groupOf(name, `HMTT_POINT=${pointId}`) : null;
    if (group !== null) groups.add(group);
  }
  let ended = 0;
  for (const group of groups) {
    try {
      process.kill(-group, 'SIGKILL');
      ended += 1;
    } catch {
      // It has ended by itself.
    }
  }
  return ended;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The group of a process that has a variable, unless it is this process or not to be looked into. */
function groupOf(pid: string, variable: string): number | null {
  if (Number(pid) === process.pid) return null;
  try {
    if (!readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(variable)) return null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
    return group > 1 ? group : null;
  } catch {
    return null;
  }
}
