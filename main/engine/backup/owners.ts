import { readFileSync } from 'node:fs';

/** Names of user and group ids, as this machine knows them. */
export type OwnerNames = {
  readonly user: (uid: number) => string | null;
  readonly group: (gid: number) => string | null;
};

/** Parses the shape that /etc/passwd and /etc/group share: name, password, id, … with colons between. */
export function parseNames(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':');
    if (name && id !== undefined && /^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

/**
 * The names in /etc/passwd and /etc/group; ids without an entry there (LDAP, Windows) have no name, and the archive then
 * holds the number alone.
 */
export function localOwnerNames(): OwnerNames {
  const read = (path: string): ReadonlyMap<number, string> => {
    try {
      return parseNames(readFileSync(path, 'utf8'));
    } catch {
      // Windows has no such file; ids are zero there.
      return new Map();
    }
  };
  const users = read('/etc/passwd');
  const groups = read('/etc/group');
  return { user: (uid) => users.get(uid) ?? null, group: (gid) => groups.get(gid) ?? null };
}
