import { encodePath, type RawPath } from '../platform/raw-path.ts';
import { formatMtime } from './manifest.ts';
import type { Xattrs } from './xattrs/xattrs.ts';

/** Type flags of POSIX.1-2001 (pax/ustar). */
export type TarType = '0' | '1' | '2' | '3' | '4' | '5' | '6';

/** One member of a tar. */
export type TarMember = {
  readonly path: RawPath;
  readonly type: TarType;
  /** Bytes of content that follow the headers. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly user: string | null;
  readonly group: string | null;
  readonly mtimeNs: bigint;
  /** Target of links. */
  readonly link?: RawPath;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: Xattrs;
};

/** Tar counts in blocks of this many bytes. */
export const BLOCK = 512;

/** Bytes of zeros that follow a content of `size` bytes. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

const NS = 1_000_000_000n;
const MAX_OCTAL_7 = 0o7777777;
const MAX_OCTAL_11 = 0o77777777777;

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = 1 + Buffer.byteLength(key) + 1 + value.length + 1;
  let length = rest + String(rest).length;
  if (String(length).length !== String(rest).length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from('\n')]);
}

type Fields = {
  readonly name: Buffer;
  readonly prefix: Buffer;
  readonly link: Buffer;
  readonly user: string;
  readonly group: string;
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly mtime: number;
  readonly type: string;
  readonly device: { readonly major: number; readonly minor: number };
};

const NONE = Buffer.alloc(0);

/** Writes one header block; the memory must be zero. */
function writeBlock(block: Buffer, fields: Fields): void {
  const octal = (value: number, at: number, width: number): void => {
    block.write(value.toString(8).padStart(width - 1, '0'), at, width - 1, 'latin1');
  };
  fields.name.copy(block, 0, 0, 100);
  octal(fields.mode, 100, 8);
  octal(fields.uid, 108, 8);
  octal(fields.gid, 116, 8);
  octal(fields.size, 124, 12);
  octal(fields.mtime, 136, 12);
  block.fill(0x20, 148, 156);
  block.write(fields.type, 156, 'latin1');
  fields.link.copy(block, 157, 0, 100);
  block.write('ustar\u000000', 257, 'latin1');
  block.write(fields.user, 265, 31, 'latin1');
  block.write(fields.group, 297, 31, 'latin1');
  octal(fields.device.major, 329, 8);
  octal(fields.device.minor, 337, 8);
  fields.prefix.copy(block, 345, 0, 155);
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += block[at] ?? 0;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}

const isAscii = (bytes: Buffer): boolean => bytes.every((byte) => byte < 0x80);

/** Splits a path for the ustar name and prefix fields, or null when it does not fit. */
function splitName(path: Buffer): { readonly name: Buffer; readonly prefix: Buffer } | null {
  if (path.length <= 100) return { name: path, prefix: NONE };
  if (path.length > 256) return null;
  // The name must not be empty, so a slash at the very end (a folder) is no place to cut.
  for (let at = Math.max(1, path.length - 101); at <= 155 && at < path.length - 1; at += 1)
    if (path[at] === 0x2f) return { name: path.subarray(at + 1), prefix: path.subarray(0, at) };
  return null;
}

/**
 * The header blocks of a member: a ustar block, preceded by a pax extended header for what does not fit it (long or
 * non-ASCII names, sizes of 8 GiB and more, large ids, fractions of seconds, times before 1970). Names that are not UTF-8
 * are written as they are, as GNU tar does; it would call POSIX's `hdrcharset` an unknown keyword.
 */
export function tarHeaders(member: TarMember): Buffer {
  const records: Buffer[] = [];
  const pax = (key: string, value: string | Buffer): void => {
    records.push(paxRecord(key, typeof value === 'string' ? Buffer.from(value, 'utf8') : value));
  };
  let path = encodePath(member.path);
  if (member.type === '5') path = Buffer.concat([path, Buffer.from('/')]);
  const link = member.link === undefined ? NONE : encodePath(member.link);
  const split = isAscii(path) ? splitName(path) : null;
  const linkFits = link.length <= 100 && isAscii(link);
  if (split === null) pax('path', path);
  if (!linkFits) pax('linkpath', link);
  if (member.size > MAX_OCTAL_11) pax('size', String(member.size));
  if (member.uid > MAX_OCTAL_7) pax('uid', String(member.uid));
  if (member.gid > MAX_OCTAL_7) pax('gid', String(member.gid));
  const names = [member.user, member.group].map((name, index) => {
    if (name === null) return '';
    const bytes = Buffer.from(name, 'utf8');
    if (bytes.length <= 31 && isAscii(bytes)) return name;
    pax(index === 0 ? 'uname' : 'gname', bytes);
    return '';
  });
  // A hard link is another name of what has them already. GNU tar writes `%` and `=` of a name so.
  if (member.xattrs !== undefined && member.type !== '1')
    for (const [name, value] of Object.entries(member.xattrs))
      pax(`SCHILY.xattr.${name.replaceAll('%', '%25').replaceAll('=', '%3D')}`, Buffer.from(value, 'base64'));
  const negative = member.mtimeNs < 0n;
  const seconds = Number(member.mtimeNs / NS);
  if (negative || member.mtimeNs % NS !== 0n || seconds > MAX_OCTAL_11)
    pax('mtime', formatMtime(member.mtimeNs).replace(/\.?0+$/, ''));
  const body = records.length === 0 ? NONE : Buffer.concat(records);
  const before = records.length === 0 ? 0 : BLOCK + body.length + padding(body.length);
  // Small enough to come out of the runtime's pool: a backup makes a million of these.
  const headers = Buffer.allocUnsafe(before + BLOCK).fill(0);
  if (before > 0) {
    writeBlock(headers.subarray(0, BLOCK), { ...PAX_FIELDS, size: body.length });
    body.copy(headers, BLOCK);
  }
  writeBlock(headers.subarray(before), {
    name: split?.name ?? path.subarray(0, 100),
    prefix: split?.prefix ?? NONE,
    link: linkFits ? link : link.subarray(0, 100),
    user: names[0] ?? '',
    group: names[1] ?? '',
    size: Math.min(member.size, MAX_OCTAL_11),
    uid: Math.min(member.uid, MAX_OCTAL_7),
    gid: Math.min(member.gid, MAX_OCTAL_7),
    mode: member.mode & 0o7777,
    mtime: negative ? 0 : Math.min(seconds, MAX_OCTAL_11),
    type: member.type,
    device: member.device ?? { major: 0, minor: 0 },
  });
  return headers;
}

const PAX_FIELDS: Omit<Fields, 'size'> = {
  name: Buffer.from('PaxHeaders/hmtt'),
  prefix: NONE,
  link: NONE,
  user: '',
  group: '',
  uid: 0,
  gid: 0,
  mode: 0o644,
  mtime: 0,
  type: 'x',
  device: { major: 0, minor: 0 },
};
