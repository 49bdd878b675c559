import { createHash } from 'node:crypto';
import { decodePath, type RawPath } from '../../platform/raw-path.ts';

/**
 * Extended attributes of one entry: name with its namespace (`user.comment`, `system.posix_acl_access`, `security.capability`) →
 * value in base64. ACLs and file capabilities are such attributes, too.
 */
export type Xattrs = Readonly<Record<string, string>>;

/** Attributes of more bytes in all (base64) are not kept: an entry is one line of the manifest. */
export const MAX_XATTRS_BYTES = 256 << 10;

/** Labels that the system's own policy gives each file anew; on another system they would be wrong. */
const NOT_OURS: ReadonlySet<string> = new Set(['security.selinux', 'security.ima', 'security.evm']);

const FILE = Buffer.from('# file: ');
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;

/** Undoes getfattr's quoting: three octal digits after a backslash. */
function unquoted(bytes: Buffer): Buffer {
  if (!bytes.includes(BACKSLASH)) return bytes;
  const plain = Buffer.alloc(bytes.length);
  let used = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const octal =
      bytes[at] === BACKSLASH ? /^[0-3][0-7]{2}/.exec(bytes.toString('latin1', at + 1, at + 4)) : null;
    plain[used] = octal === null ? (bytes[at] ?? 0) : Number.parseInt(octal[0], 8);
    used += 1;
    if (octal !== null) at += 3;
  }
  return plain.subarray(0, used);
}

/** Parses what `getfattr --dump --encoding=hex` printed: path → attributes. Paths without any are not in it. */
export function parseDump(dump: Buffer): Map<RawPath, Xattrs> {
  const found = new Map<RawPath, Xattrs>();
  let path: RawPath | null = null;
  let attributes: Record<string, string> = {};
  const end = (): void => {
    if (path !== null && Object.keys(attributes).length > 0) found.set(path, attributes);
    attributes = {};
  };
  for (let at = 0; at < dump.length; ) {
    const newline = dump.indexOf(NEWLINE, at);
    const line = dump.subarray(at, newline < 0 ? dump.length : newline);
    at += line.length + 1;
    if (line.subarray(0, FILE.length).equals(FILE)) {
      end();
      path = decodePath(unquoted(line.subarray(FILE.length)));
      continue;
    }
    const equals = line.indexOf(0x3d);
    if (line.length === 0 || path === null) continue;
    const name = decodePath(unquoted(equals < 0 ? line : line.subarray(0, equals)));
    const value = equals < 0 ? '' : line.toString('latin1', equals + 1);
    if (!NOT_OURS.has(name))
      attributes[name] = Buffer.from(value.replace(/^0x/, ''), 'hex').toString('base64');
  }
  end();
  return found;
}

/** What tells attributes from others in the index; null for none. */
export function xattrsDigest(xattrs: Xattrs | undefined): Buffer | null {
  const entries = Object.entries(xattrs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? null : createHash('sha256').update(JSON.stringify(entries)).digest();
}

/** Bytes that attributes take in the manifest. */
export function xattrsBytes(xattrs: Xattrs): number {
  return Object.entries(xattrs).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}
