import { type BigIntStats, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';

/** A file that a path or pattern names. */
export type FoundFile = {
  readonly path: string;
  /** `dev:ino`, a hint only. */
  readonly place: string;
  readonly size: number;
  readonly mtimeMs: number;
};

/** Folders and names are looked at up to these bounds, so that `/**` cannot hang the thread. */
const MAX_ENTRIES = 200_000;
const MAX_DEPTH = 32;
const COMPRESSED = /\.(?:gz|zst|xz|bz2|zip|lz4|7z)$/i;

/** Part of a pattern between two separators. */
type Segment =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'match'; readonly pattern: RegExp; readonly dotted: boolean }
  | { readonly kind: 'deep' };

/** A parsed path pattern. */
export type PathPattern = {
  readonly path: string;
  readonly root: string;
  readonly segments: readonly Segment[];
};

/** Device and inode as one text. */
export function placeOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`;
}

/**
 * Parses an absolute path that may hold `*`, `?`, `[abc]`, `{a,b}` and `**`.
 *
 * @returns LOG_PATH_RELATIVE or LOG_PATH_PATTERN
 */
export function parsePathPattern(path: string): Result<PathPattern> {
  if (!isAbsolute(path)) return err(appError('LOG_PATH_RELATIVE', { path }, { field: 'path' }));
  if (path.includes('\0')) return err(appError('LOG_PATH_PATTERN', { path, why: 'NUL' }, { field: 'path' }));
  const separator = process.platform === 'win32' ? /[\\/]+/ : /\/+/;
  const parts = path.split(separator);
  const root = `${parts[0] ?? ''}${sep}`;
  try {
    const segments = parts
      .slice(1)
      .filter((part) => part !== '' && part !== '.')
      .map(parseSegment);
    return ok({ path, root, segments });
  } catch (thrown) {
    return err(appError('LOG_PATH_PATTERN', { path, why: describeThrown(thrown) }, { field: 'path' }));
  }
}

function parseSegment(part: string): Segment {
  if (part === '**') return { kind: 'deep' };
  if (!/[*?[{]/.test(part)) return { kind: 'name', name: part };
  return {
    kind: 'match',
    pattern: new RegExp(`^${segmentSource(part)}$`, 'su'),
    dotted: part.startsWith('.'),
  };
}

/** Translates one segment to a regular expression without nested repetition, so that it cannot backtrack badly. */
function segmentSource(part: string): string {
  let source = '';
  let braces = 0;
  for (let i = 0; i < part.length; i += 1) {
    const char = part[i] ?? '';
    if (char === '*') {
      while (part[i + 1] === '*') i += 1;
      source += '.*';
    } else if (char === '?') source += '.';
    else if (char === '[') {
      const close = part.indexOf(']', i + 2);
      if (close < 0) throw new Error('"[" without "]"');
      const body = part.slice(i + 1, close).replace(/[\\[\]&~^|]/g, (c) => `\\${c}`);
      source += /^(?:!|\\\^)/.test(body) ? `[^${body.replace(/^(?:!|\\\^)/, '')}]` : `[${body}]`;
      i = close;
    } else if (char === '{') {
      braces += 1;
      source += '(?:';
    } else if (char === '}' && braces > 0) {
      braces -= 1;
      source += ')';
    } else if (char === ',' && braces > 0) source += '|';
    else source += char.replace(/[\\^$.|()+[\]{}/]/g, '\\$&');
  }
  if (braces > 0) throw new Error('"{" without "}"');
  return source;
}

/** Says whether a pattern names one file only. */
export function isSinglePath(pattern: PathPattern): boolean {
  return pattern.segments.every((segment) => segment.kind === 'name');
}

/** What a pattern names now: regular files, sorted by path, and what could not be looked at. */
export type Found = {
  readonly files: readonly FoundFile[];
  readonly problems: readonly { path: string; why: string }[];
};

/**
 * Finds the files of a pattern. A pattern that names a folder means the files in it. Compressed files are left out
 * unless the path names one exactly.
 */
export function findFiles(pattern: PathPattern): Found {
  const files = new Map<string, FoundFile>();
  const problems: { path: string; why: string }[] = [];
  let budget = MAX_ENTRIES;
  const problem = (path: string, thrown: unknown): void => {
    const code = (thrown as { readonly code?: unknown }).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push({ path, why: describeThrown(thrown) });
  };
  const stat = (path: string): BigIntStats | null => {
    try {
      return statSync(path, { bigint: true });
    } catch (thrown) {
      problem(path, thrown);
      return null;
    }
  };
  const names = (folder: string): readonly string[] => {
    try {
      const list = readdirSync(folder).sort();
      budget -= list.length;
      return budget > 0 ? list : [];
    } catch (thrown) {
      problem(folder, thrown);
      return [];
    }
  };
  const take = (path: string, exact: boolean): void => {
    const stats = stat(path);
    if (stats === null) return;
    if (stats.isDirectory() && exact) for (const name of names(path)) take(join(path, name), false);
    else if (stats.isFile() && (exact || !COMPRESSED.test(path)))
      files.set(path, {
        path,
        place: placeOf(stats),
        size: Number(stats.size),
        mtimeMs: Number(stats.mtimeMs),
      });
    else if (exact) problems.push({ path, why: 'LOG_NOT_A_FILE' });
  };
  const walk = (folder: string, index: number, depth: number, exact: boolean): void => {
    const segment = pattern.segments[index];
    if (segment === undefined) {
      take(folder, exact);
      return;
    }
    if (segment.kind === 'name') {
      walk(join(folder, segment.name), index + 1, depth, exact);
      return;
    }
    if (depth > MAX_DEPTH || budget <= 0) return;
    const last = index === pattern.segments.length - 1;
    for (const name of names(folder)) {
      const path = join(folder, name);
      if (segment.kind === 'match') {
        if ((name.startsWith('.') && !segment.dotted) || !segment.pattern.test(name)) continue;
        if (last) take(path, false);
        else walk(path, index + 1, depth + 1, false);
      } else {
        if (name.startsWith('.')) continue;
        if (stat(path)?.isDirectory()) walk(path, index, depth + 1, false);
        else if (last) take(path, false);
      }
    }
    if (segment.kind === 'deep' && !last) walk(folder, index + 1, depth, false);
  };
  walk(pattern.root, 0, 0, true);
  return { files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), problems };
}
