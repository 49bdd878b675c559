import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Everything that a restore promises about one path. */
export type TreeEntry = {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Microseconds since 1970. */
  readonly mtimeUs: string;
  /** SHA-256 of a file, text of a link. */
  readonly content: string;
  /** Path of the first name of the same file, when it has several. */
  readonly sameAs: string;
};

/** Describes a tree: path (latin1 of its bytes, relative) → entry. Two trees are equal when their descriptions are. */
export function describeTree(root: string): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  const inodes = new Map<string, string>();
  const visit = (dir: Buffer, prefix: string): void => {
    const names = readdirSync(dir, { encoding: 'buffer' }).toSorted(Buffer.compare);
    for (const name of names) {
      const path = Buffer.concat([dir, Buffer.from('/'), name]);
      const relative = `${prefix}${name.toString('latin1')}`;
      const stats = lstatSync(path, { bigint: true });
      const inode = `${stats.dev}:${stats.ino}`;
      const first = inodes.get(inode) ?? relative;
      inodes.set(inode, first);
      const type = stats.isDirectory()
        ? 'directory'
        : stats.isSymbolicLink()
          ? 'symlink'
          : stats.isFile()
            ? 'file'
            : 'special';
      entries.set(relative, {
        type,
        mode: Number(stats.mode & 0o7777n),
        uid: Number(stats.uid),
        gid: Number(stats.gid),
        mtimeUs: String(stats.mtimeNs / 1000n),
        content:
          type === 'file'
            ? createHash('sha256').update(readFileSync(path)).digest('hex')
            : type === 'symlink'
              ? readlinkSync(path, 'latin1')
              : '',
        sameAs: type === 'file' ? first : relative,
      });
      if (type === 'directory') visit(path, `${relative}/`);
    }
  };
  visit(Buffer.from(root), '');
  return entries;
}

/** Node sets times as a double of seconds; a time set so may be this far from the one wanted. */
const TIME_TOLERANCE_US = 1n;

/** Names the paths in which two descriptions differ, and how; empty when the trees are equal. */
export function treeDifferences(
  expected: ReadonlyMap<string, TreeEntry>,
  found: ReadonlyMap<string, TreeEntry>,
): string[] {
  const differences: string[] = [];
  for (const path of new Set([...expected.keys(), ...found.keys()])) {
    const a = expected.get(path);
    const b = found.get(path);
    if (!a || !b) {
      differences.push(`${path}: ${a ? 'missing' : 'too much'}`);
      continue;
    }
    const drift = BigInt(a.mtimeUs) - BigInt(b.mtimeUs);
    const same = { ...a, mtimeUs: '' };
    if (JSON.stringify(same) !== JSON.stringify({ ...b, mtimeUs: '' })) {
      differences.push(`${path}: ${JSON.stringify(a)} became ${JSON.stringify(b)}`);
    } else if (drift > TIME_TOLERANCE_US || drift < -TIME_TOLERANCE_US) {
      differences.push(`${path}: time ${a.mtimeUs} became ${b.mtimeUs}`);
    }
  }
  return differences;
}
