import { isIP } from 'node:net';
import type { ImportFault } from '#shared/contract/inventory.ts';
import type { Listed, ListedEntry } from './listed.ts';

/** Addresses of a list like /etc/hosts that mean this machine, or no machine. */
const NOT_A_HOST = /^(127\.|0\.0\.0\.0$|::1$|255\.|fe00:|ff0)/;

/** True for a line that begins with an address, as each of /etc/hosts does. */
export function looksLikeHostsList(text: string): boolean {
  const first = text.split(/\r?\n/).find((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return isIP(first?.trim().split(/\s+/)[0] ?? '') !== 0;
}

/** Reads a list like /etc/hosts: an address, a name, further names; `#` begins a comment. Loopback entries are left out. */
export function readHostsList(text: string): Listed {
  const entries: ListedEntry[] = [];
  const faults: ImportFault[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const [address = '', name, ...aliases] = raw.replace(/#.*$/, '').trim().split(/\s+/);
    if (address === '' || NOT_A_HOST.test(address)) continue;
    if (isIP(address) === 0)
      faults.push({
        line,
        field: address.slice(0, 100),
        message: { zh: '不是 IP 地址', en: 'is not an IP address' },
      });
    else if (name === undefined)
      faults.push({ line, field: address, message: { zh: '没有名称', en: 'there is no name' } });
    else {
      const note = aliases.length === 0 ? {} : { note: aliases.join(' ').slice(0, 2_000) };
      entries.push({ line, kind: 'host', name: name.slice(0, 200), address, described: note, links: [] });
    }
  }
  return { entries, faults, ignoredColumns: [] };
}
