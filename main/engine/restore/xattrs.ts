import { spawn } from 'node:child_process';
import { encodePath, type RawPath } from '../platform/raw-path.ts';
import type { PointEntry } from './types.ts';

/** A path that stands now, and the entry that it is made of. */
export type Attributed = { readonly path: RawPath; readonly entry: PointEntry };

const ENVIRONMENT = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' };

/**
 * Attributes that a restore sets: those of users, ACLs, and, for the administrator, capabilities and `trusted.` ones. Others belong to
 * the system (labels of its policy, what an overlay file system keeps of itself), and an archive may come from anywhere.
 */
function mayBeSet(name: string, isAdmin: boolean): boolean {
  if (name.startsWith('user.')) return true;
  if (name === 'system.posix_acl_access' || name === 'system.posix_acl_default') return true;
  if (!isAdmin) return false;
  return (
    name === 'security.capability' || (name.startsWith('trusted.') && !name.startsWith('trusted.overlay.'))
  );
}

/** Quotes bytes as `getfattr` writes and `setfattr --restore` reads them: three octal digits for what is special. */
function quoted(bytes: Buffer): Buffer {
  const isSpecial = (byte: number): boolean => byte < 0x20 || byte === 0x7f || byte === 0x5c || byte === 0x3d;
  if (!bytes.some(isSpecial)) return bytes;
  const text = [...bytes].map((byte) =>
    isSpecial(byte) ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte),
  );
  return Buffer.from(text.join(''), 'latin1');
}

/** The input of `setfattr --restore` for some paths. */
function xattrDump(items: readonly Attributed[], isAdmin: boolean): Buffer {
  const pieces: Buffer[] = [];
  for (const { path, entry } of items) {
    const attributes = Object.entries(entry.xattrs ?? {}).filter(([name]) => mayBeSet(name, isAdmin));
    if (attributes.length === 0) continue;
    pieces.push(Buffer.from('# file: '), quoted(encodePath(path)), Buffer.from('\n'));
    for (const [name, value] of attributes) {
      const hex = Buffer.from(value, 'base64').toString('hex');
      pieces.push(quoted(encodePath(name)), Buffer.from(`=0x${hex}\n`));
    }
    pieces.push(Buffer.from('\n'));
  }
  return Buffer.concat(pieces);
}

/**
 * Gives files and folders their extended attributes, ACLs among them: one `setfattr` for all. Modes and owners have to be
 * right already, for they would change an ACL; times are not touched.
 *
 * @returns how many paths did not get all of theirs, because the tool, the right or the file system's support is missing
 */
export async function writeXattrs(items: readonly Attributed[], isAdmin: boolean): Promise<number> {
  const wanted = items.filter(({ entry }) => Object.keys(entry.xattrs ?? {}).length > 0);
  const dump = xattrDump(wanted, isAdmin);
  const isLeftOut = ({ entry }: Attributed): boolean =>
    Object.keys(entry.xattrs ?? {}).some((name) => !mayBeSet(name, isAdmin));
  const leftOut = wanted.filter(isLeftOut).length;
  if (dump.length === 0) return leftOut;
  const failed = await setfattr(dump);
  return failed === null ? wanted.length : Math.min(wanted.length, leftOut + failed);
}

/** @returns failures that it told of; null when it could not be run */
function setfattr(dump: Buffer): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn('setfattr', ['--no-dereference', '--restore=-'], {
      env: ENVIRONMENT,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const told: Buffer[] = [];
    child.stderr.on('data', (piece: Buffer) => told.push(piece));
    child.on('error', () => resolve(null));
    // A process that ends early closes its input; its exit tells more.
    child.stdin.on('error', () => undefined);
    child.on('close', (code) => {
      const lines = Buffer.concat(told)
        .toString('latin1')
        .split('\n')
        .filter((line) => line !== '').length;
      resolve(code === 0 ? 0 : Math.max(1, lines));
    });
    child.stdin.end(dump);
  });
}
