import * as z from 'zod';
import { bilingual } from '#shared/contract/define.ts';
import { appErrorSchema } from '#shared/errors/index.ts';
import { MAX_EXTENTS } from './extents/layout.ts';
import { MAX_XATTRS_BYTES } from './xattrs/xattrs.ts';

/** The newest archive format that this program writes and reads (docs/archive-format.md). */
export const FORMAT_VERSION = 1;

/** Features that an archive may demand of its reader in `needs`. */
export const KNOWN_NEEDS: ReadonlySet<string> = new Set(['extents']);

/** A longer manifest line is damage or an attack. */
export const MAX_LINE_BYTES = 1 << 20;

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();
const path = z.string().max(70_000);

/** How a manifest names the archive it builds on. */
export const parentRefSchema = z.object({
  id: z.uuid(),
  /** SHA-256 of the parent's manifest text, hexadecimal: a swapped link of a chain is found out. */
  manifestSha256: hex64,
  /** File name of the parent's archive, for people. */
  archive: z.string().max(1000),
});
export type ParentRef = z.infer<typeof parentRefSchema>;

/** First line of a manifest: what the archive is. */
const headerLineSchema = z.object({
  k: z.literal('header'),
  format: z.literal('hmtt-archive'),
  version: z.int().positive(),
  needs: z.array(z.string().max(100)).max(100),
  id: z.uuid(),
  plan: z.string().min(1).max(200),
  type: z.enum(['full', 'incremental', 'differential']),
  parent: parentRefSchema.nullable(),
  base: parentRefSchema.nullable(),
  host: z.string().max(1000),
  tool: z.string().max(200),
  /** UTC milliseconds. */
  startedAt: z.int(),
  sources: z.array(path).max(200),
  exclude: z.array(z.string().max(1000)).max(1000),
  compression: z.enum(['zstd', 'gzip']),
  encryption: z.object({ format: z.literal('age'), recipients: count, passphrase: z.boolean() }).nullable(),
  kept: z.array(z.string().max(100)).max(100),
  notKept: z.array(z.string().max(100)).max(100),
  /** Why the run made this type on this parent. */
  reasons: z.array(bilingual).max(20).optional(),
  /** Of a full that was made of a chain: the point whose state it is, and when it was made (UTC milliseconds). */
  synthesized: z.object({ of: parentRefSchema, at: z.int() }).optional(),
});
export type HeaderLine = z.infer<typeof headerLineSchema>;

/** The kinds of things an archive holds. */
export const entryTypeSchema = z.enum([
  'file',
  'directory',
  'symlink',
  'hardlink',
  'fifo',
  'socket',
  'device',
]);
export type EntryType = z.infer<typeof entryTypeSchema>;

/** A part of a file's content: bytes in an archive (this one when none is named), or zeros. */
const extentSchema = z.union([
  z.object({ archive: z.uuid().optional(), frame: count, at: count, size: count.positive() }),
  z.object({ hole: count.positive() }),
]);
export type ExtentLine = z.infer<typeof extentSchema>;

/** One entry: everything that is known about it, and where its content is. */
const entryLineSchema = z.object({
  k: z.literal('entry'),
  type: entryTypeSchema,
  /** Path in the archive; bytes that are not UTF-8 are lone surrogates U+DC80…U+DCFF (see raw-path.ts). */
  path,
  /** Bytes. */
  size: count,
  mode: z.int().min(0).max(0o7777),
  uid: count,
  gid: count,
  user: z.string().max(1000).nullable(),
  group: z.string().max(1000).nullable(),
  /** Seconds with nine decimals, UTC. */
  mtime: z.string().regex(/^-?\d{1,15}\.\d{9}$/),
  /** Of the content of a `file` (and repeated by a `hardlink` to it, as `frame` and `at` are), hexadecimal. */
  sha256: hex64.optional(),
  frame: count.optional(),
  at: count.optional(),
  /** In place of `frame` and `at`: the content in parts, from its first byte to its last. */
  extents: z.array(extentSchema).max(MAX_EXTENTS).optional(),
  link: path.optional(),
  /** Extended attributes by name, in base64. */
  xattrs: z.record(z.string().min(1).max(1_000), z.string().max(MAX_XATTRS_BYTES)).optional(),
  device: z.object({ kind: z.enum(['char', 'block']), major: count, minor: count }).optional(),
  allocated: count.optional(),
  changed: z.boolean().optional(),
});
export type EntryLine = z.infer<typeof entryLineSchema>;

/** A path that existed in the parent and does not any more, with all below it. */
const goneLineSchema = z.object({ k: z.literal('gone'), path });
export type GoneLine = z.infer<typeof goneLineSchema>;

/** Something that could not be kept, or not unchanged, and why. */
const skipLineSchema = z.object({ k: z.literal('skip'), path, error: appErrorSchema });
export type SkipLine = z.infer<typeof skipLineSchema>;

/** One compressed frame before the tail. Lengths and offsets in bytes. */
const frameLineSchema = z.object({
  k: z.literal('frame'),
  n: count,
  /** Where it begins in the archive, and its compressed length. */
  offset: count,
  size: count,
  /** Where it begins in the tar stream, and its uncompressed length. */
  tar: count,
  length: count,
  /** Of the compressed bytes. */
  sha256: hex64,
});
export type FrameLine = z.infer<typeof frameLineSchema>;

/** Last line: the counts that prove the manifest whole, and the run's figures. */
const endLineSchema = z.object({
  k: z.literal('end'),
  entries: count,
  gone: count,
  skips: count,
  /** All that was skipped; `skips` lists at most the first 100,000. */
  skipsTotal: count,
  frames: count,
  files: count,
  directories: count,
  symlinks: count,
  hardLinks: count,
  special: count,
  /** Bytes of the files' content. */
  bytes: count,
  excluded: count,
  /** Files that were not stored because the chain holds them as they are. */
  unchanged: count.optional(),
  finishedAt: z.int(),
});
export type EndLine = z.infer<typeof endLineSchema>;

/** Any line of a manifest. */
export const manifestLineSchema = z.discriminatedUnion('k', [
  headerLineSchema,
  entryLineSchema,
  goneLineSchema,
  skipLineSchema,
  frameLineSchema,
  endLineSchema,
]);
export type ManifestLine = z.infer<typeof manifestLineSchema>;

/** The mtime of an entry in nanoseconds since 1970. */
export function mtimeNs(entry: Pick<EntryLine, 'mtime'>): bigint {
  const negative = entry.mtime.startsWith('-');
  const digits = BigInt(entry.mtime.replace('-', '').replace('.', ''));
  return negative ? -digits : digits;
}

/** The mtime of an entry in milliseconds, fraction dropped towards the past. */
export function mtimeMs(entry: Pick<EntryLine, 'mtime'>): number {
  return Math.floor(Number(mtimeNs(entry)) / 1e6);
}

/** Writes nanoseconds since 1970 as a manifest (and pax) time: a decimal fraction of seconds. */
export function formatMtime(ns: bigint): string {
  const digits = (ns < 0n ? -ns : ns).toString().padStart(10, '0');
  return `${ns < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** One line of the manifest file, with its newline. */
export function formatLine(line: ManifestLine): string {
  return `${JSON.stringify(line)}\n`;
}
