import { readFileSync } from 'node:fs';
import type { Owners } from '#shared/contract/restore.ts';
import type { PointEntry } from './types.ts';

/** Numbers of the users and groups of this machine, by name. */
export type Accounts = {
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
};

/** Reads `/etc/passwd` and `/etc/group`; where there is none (Windows), nobody is known by name. */
export function localAccounts(
  read: (file: string) => string = (file) => readFileSync(file, 'utf8'),
): Accounts {
  const numbers = (file: string): Map<string, number> => {
    const found = new Map<string, number>();
    let text = '';
    try {
      text = read(file);
    } catch {
      // No such file on this system, or not for us: names then mean nothing here, and the numbers stay.
      return found;
    }
    for (const line of text.split('\n')) {
      const [name, , number] = line.split(':');
      if (name && /^\d+$/.test(number ?? '')) found.set(name, Number(number));
    }
    return found;
  };
  return { users: numbers('/etc/passwd'), groups: numbers('/etc/group') };
}

/** The number that a mapping's `to` means; null when nobody here has that name. */
function accountNumber(text: string, accounts: ReadonlyMap<string, number>): number | null {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  return accounts.get(text) ?? null;
}

/** Names in the mappings that mean nobody on this machine; a plan with any is refused. */
export function unknownOwners(owners: Owners, accounts: Accounts): readonly string[] {
  return [
    ...owners.users.filter(({ to }) => accountNumber(to, accounts.users) === null),
    ...owners.groups.filter(({ to }) => accountNumber(to, accounts.groups) === null),
  ].map(({ to }) => to);
}

/** Whose an entry shall be here. Pure. */
export function ownerOf(
  entry: Pick<PointEntry, 'uid' | 'gid' | 'user' | 'group'>,
  owners: Owners,
  accounts: Accounts,
): { readonly uid: number; readonly gid: number } {
  const one = (
    number: number,
    name: string | null | undefined,
    map: Owners['users'],
    known: ReadonlyMap<string, number>,
  ): number => {
    const mapped = map.find(({ from }) => from === name || from === String(number));
    if (mapped) return accountNumber(mapped.to, known) ?? number;
    return owners.mode === 'names' && name ? (known.get(name) ?? number) : number;
  };
  return {
    uid: one(entry.uid, entry.user, owners.users, accounts.users),
    gid: one(entry.gid, entry.group, owners.groups, accounts.groups),
  };
}

/** Whether a restore gives files to their owners: only root can, and only when it was asked to. */
export function givesOwners(owners: Owners | undefined): boolean {
  return process.getuid?.() === 0 && owners?.mode !== 'current';
}
