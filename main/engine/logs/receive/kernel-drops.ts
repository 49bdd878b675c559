import { readFileSync } from 'node:fs';

/**
 * How many datagrams the kernel has thrown away because nobody took them in time, of all sockets on a UDP port; null where
 * the system does not tell (it does on Linux).
 */
export function udpDrops(port: number): number | null {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  let drops: number | null = null;
  for (const file of ['/proc/net/udp', '/proc/net/udp6']) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      // Not Linux, or no IPv6: nothing is told.
      continue;
    }
    for (const line of text.split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/);
      if (columns[1]?.endsWith(`:${hex}`)) drops = (drops ?? 0) + Number(columns.at(-1) ?? 0);
    }
  }
  return drops;
}
