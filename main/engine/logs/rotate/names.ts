import { basename, dirname, join } from 'node:path';
import type { RotationCodec, RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';

/** What a rotated file's name is made from. */
export type NameParts = {
  readonly policy: RotationPolicy;
  /** The log file. */
  readonly path: string;
  /** Number of the rotation, from the journal. */
  readonly seq: number;
  readonly at: number;
  /** The data folder's archive. */
  readonly archive: string;
};

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/** UTC, as digits only, so that the log tail knows the name for a rotated one (`isRotatedName`). */
function stamp(at: number): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(0, 10).replaceAll('-', '')}T${iso.slice(11, 19).replaceAll(':', '')}`;
}

/** The name that the old file has from the step `rename` on, beside the log. No two rotations have the same. */
export function workingName({ path, at, seq }: Pick<NameParts, 'path' | 'at' | 'seq'>): string {
  return join(dirname(path), `${basename(path)}-${stamp(at)}-${pad(seq, 6)}`);
}

/** The folder that a policy's segments are in. */
export function segmentFolder({ policy, path, archive }: Omit<NameParts, 'seq' | 'at'>): string {
  if (policy.dir !== null) return policy.dir;
  return policy.naming.style === 'archive' ? join(archive, policy.name) : dirname(path);
}

/** The endings that say how a file is packed. A policy's own ending names the codec that the policy asks for, and no other. */
export function packedSuffix(policy: RotationPolicy, codec: RotationCodec): string {
  if (codec === 'none') return '';
  const usual = codec === 'zstd' ? '.zst' : '.gz';
  const packed = codec === policy.compress ? (policy.compressExtension ?? usual) : usual;
  return policy.encryptTo.length > 0 ? `${packed}.age` : packed;
}

/** A log's name without the policy's extension, and the extension, when it has it. */
function stemOf(policy: RotationPolicy, path: string): { readonly stem: string; readonly extension: string } {
  const name = basename(path);
  const { extension } = policy;
  if (extension === '') return { stem: name, extension: '' };
  // A log without it is called as any other.
  return name.endsWith(extension) && name !== extension
    ? { stem: name.slice(0, -extension.length), extension }
    : { stem: name, extension: '' };
}

/** The final name, without the endings that say how it is packed. Numbered names are those of the newest segment. */
export function finalStem(parts: NameParts): string {
  const { policy, path, at, seq } = parts;
  const folder = segmentFolder(parts);
  if (policy.naming.style === 'archive') return join(folder, basename(workingName({ path, at, seq })));
  const { stem, extension } = stemOf(policy, path);
  if (policy.naming.style === 'numbered') return join(folder, `${stem}.${policy.naming.start}${extension}`);
  const { format, yesterday } = policy.naming;
  return join(folder, `${stem}${formatDate(format, at, yesterday ? spanOf(format) : 0)}${extension}`);
}

/** What one unit of a date format's smallest part is: an hour when it holds one, else a day. */
function spanOf(format: string): number {
  return /%[HMSs]/.test(format) ? 3_600_000 : 86_400_000;
}

/** A date as strftime writes it in local time; only what logrotate's `dateformat` knows. */
export function formatDate(format: string, atMs: number, backMs: number): string {
  const at = new Date(atMs - backMs);
  return format.replace(/%([YmdHMSsVj%])/g, (_whole, key: string) => {
    switch (key) {
      case 'Y':
        return pad(at.getFullYear(), 4);
      case 'm':
        return pad(at.getMonth() + 1);
      case 'd':
        return pad(at.getDate());
      case 'H':
        return pad(at.getHours());
      case 'M':
        return pad(at.getMinutes());
      case 'S':
        return pad(at.getSeconds());
      case 's':
        return String(Math.floor(at.getTime() / 1000));
      case 'V':
        return pad(isoWeek(at));
      case 'j':
        return pad(dayOfYear(at), 3);
      default:
        return '%';
    }
  });
}

function dayOfYear(at: Date): number {
  return (Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) - Date.UTC(at.getFullYear(), 0, 0)) / 864e5;
}

/** ISO 8601: weeks begin on Monday, the first of a year has its first Thursday. */
function isoWeek(at: Date): number {
  const thursday = new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  return Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 864e5 + 1) / 7);
}

/** Endings of files that were packed after their rotation. */
const PACKED = /^\.(?:gz|zst|bz2|xz|Z|age|zst\.age|gz\.age)$/;

function isPackedEnding(policy: RotationPolicy, ending: string): boolean {
  return PACKED.test(ending) || ending === policy.compressExtension;
}

/** Numbered files of a log: by number, what stands behind it in each name, the policy's extension included. */
function numberedNames({ policy, path }: NameParts, names: readonly string[]): ReadonlyMap<number, string[]> {
  const { stem, extension } = stemOf(policy, path);
  const present = new Map<number, string[]>();
  for (const name of names) {
    if (!name.startsWith(`${stem}.`)) continue;
    const found = /^(\d{1,9})(.*)$/.exec(name.slice(stem.length + 1));
    const rest = found?.[2] ?? '';
    if (found === null || !rest.startsWith(extension)) continue;
    const ending = rest.slice(extension.length);
    if (ending !== '' && !isPackedEnding(policy, ending)) continue;
    const number = Number(found[1]);
    present.set(number, [...(present.get(number) ?? []), rest]);
  }
  return present;
}

/** One file that makes room. */
export type Shift = { readonly from: string; readonly to: string };

/**
 * What must be renamed before a new segment can have the lowest number: every file of the same log whose name is
 * numbered without a gap from there on, the oldest first. It may be repeated after a crash: a rename whose target stands there
 * was made before.
 *
 * @param names what is in the folder
 */
export function shiftsFor(parts: NameParts, names: readonly string[]): readonly Shift[] {
  const { policy, path } = parts;
  if (policy.naming.style !== 'numbered') return [];
  const folder = segmentFolder(parts);
  const { stem } = stemOf(policy, path);
  const present = numberedNames(parts, names);
  const shifts: Shift[] = [];
  for (let n = policy.naming.start; present.has(n); n += 1)
    for (const rest of present.get(n) ?? [])
      shifts.unshift({
        from: join(folder, `${stem}.${n}${rest}`),
        to: join(folder, `${stem}.${n + 1}${rest}`),
      });
  return shifts;
}

/** A rotated file of a log, and how it is packed. */
export type RotatedFile = { readonly file: string; readonly codec: 'none' | 'gzip' };

/**
 * Files that have the names of a log's segments, whoever rotated them: numbered without a gap, the newest first; or dated, in any
 * order. Left out are those that only their own program can unpack, and a number that two files have.
 *
 * @param names what is in the folder
 */
export function rotatedFiles(parts: NameParts, names: readonly string[]): readonly RotatedFile[] {
  const { policy, path } = parts;
  const folder = segmentFolder(parts);
  const { stem, extension } = stemOf(policy, path);
  const one = (name: string, ending: string): readonly RotatedFile[] => {
    const isGzip = ending === '.gz' || (policy.compress === 'gzip' && ending === policy.compressExtension);
    if (ending !== '' && !isGzip) return [];
    return [{ file: join(folder, name), codec: isGzip ? 'gzip' : 'none' }];
  };
  if (policy.naming.style === 'archive') return [];
  if (policy.naming.style === 'dated') {
    const dated = datePattern(policy.naming.format);
    return names.flatMap((name) => {
      if (!name.startsWith(stem)) return [];
      const rest = name.slice(stem.length);
      const date = dated.exec(rest)?.[0];
      if (date === undefined || !rest.startsWith(extension, date.length)) return [];
      return one(name, rest.slice(date.length + extension.length));
    });
  }
  const present = numberedNames(parts, names);
  const found: RotatedFile[] = [];
  for (let n = policy.naming.start; present.has(n); n += 1) {
    const [rest, other] = present.get(n) ?? [];
    if (rest !== undefined && other === undefined)
      found.push(...one(`${stem}.${n}${rest}`, rest.slice(extension.length)));
  }
  return found;
}

/** Finds a date of this format at the beginning of a text. */
function datePattern(format: string): RegExp {
  const digits: Readonly<Record<string, number>> = { Y: 4, s: 10, j: 3 };
  const source = format.replace(/%([YmdHMSsVj%])|[.*+?^${}()|[\]\\]/g, (sign, key?: string) => {
    if (key === undefined) return `\\${sign}`;
    return key === '%' ? '%' : `\\d{${digits[key] ?? 2}}`;
  });
  return new RegExp(`^${source}`);
}
