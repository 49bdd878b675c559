import { readFileSync } from 'node:fs';

/** What a process has used: CPU seconds of user and system since it began, and its resident bytes now and at most. */
export type Usage = { readonly cpuSeconds: number; readonly rss: number; readonly peakRss: number };

/** The kernel counts CPU time in hundredths of a second on every platform that has /proc. */
const TICKS_A_SECOND = 100;

/** Reads a process's use from /proc. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return { cpuSeconds: ticks / TICKS_A_SECOND, rss: kib('VmRSS') * 1024, peakRss: kib('VmHWM') * 1024 };
}
