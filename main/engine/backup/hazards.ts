import { type AppError, appError, type Bilingual } from '#shared/errors/index.ts';
import { encodePath, type RawPath, showPath } from '../platform/raw-path.ts';
import type { EntryLine } from './manifest.ts';
import { PathSet } from './path-set.ts';
import { RESERVED_NAME } from './scan.ts';

/** Why an entry must not be restored (docs/archive-format.md §7). */
export type EntryHazard =
  | 'empty'
  | 'absolute'
  | 'traversal'
  | 'nul'
  | 'too_long'
  | 'too_deep'
  | 'not_bytes'
  | 'windows_name'
  | 'reserved'
  | 'duplicate'
  | 'below_non_folder'
  | 'hardlink_target';

/** What operators read about each hazard. */
export const HAZARD_TEXT: Readonly<Record<EntryHazard, Bilingual>> = {
  empty: { zh: '名称为空', en: 'an empty name' },
  absolute: { zh: '绝对路径', en: 'an absolute path' },
  traversal: { zh: '路径中有“.”、“..”或空名称', en: '".", ".." or an empty name in the path' },
  nul: { zh: '名称含 NUL 字节', en: 'a NUL byte in the name' },
  too_long: { zh: '路径或名称过长', en: 'a path or name that is too long' },
  too_deep: { zh: '目录层次过深', en: 'too many folders deep' },
  not_bytes: { zh: '名称不是有效的字节序列', en: 'a name that is no sequence of bytes' },
  windows_name: { zh: 'Windows 不允许的名称', en: 'a name that Windows does not allow' },
  reserved: { zh: '位于归档格式保留的目录中', en: 'in the folder that the format reserves' },
  duplicate: { zh: '路径重复出现', en: 'a path that occurs twice' },
  below_non_folder: {
    zh: '位于非目录（例如链接）之下',
    en: 'below something that is no folder, such as a link',
  },
  hardlink_target: { zh: '硬链接指向归档之外', en: 'a hard link to something that is no earlier file' },
};

const MAX_PATH_BYTES = 32_767;
const MAX_NAME_BYTES = 255;
const MAX_DEPTH = 4_096;

const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/**
 * What is wrong with a path by itself, whatever else the archive holds; null when it may be written below a target folder.
 *
 * @param windows also refuse what Windows gives another meaning
 */
export function pathHazard(path: RawPath, windows = process.platform === 'win32'): EntryHazard | null {
  if (path === '') return 'empty';
  if (path.includes('\0')) return 'nul';
  if (path.startsWith('/')) return 'absolute';
  if (path.length > MAX_PATH_BYTES) return 'too_long';
  let bytes: Buffer;
  try {
    bytes = encodePath(path);
  } catch {
    return 'not_bytes';
  }
  if (bytes.length > MAX_PATH_BYTES) return 'too_long';
  const names = path.split('/');
  if (names.length > MAX_DEPTH) return 'too_deep';
  for (const name of names) {
    if (name === '.' || name === '..' || name === '') return 'traversal';
    // A code unit is at most three bytes, so short names need no counting.
    if (name.length * 3 > MAX_NAME_BYTES && encodePath(name).length > MAX_NAME_BYTES) return 'too_long';
  }
  if (names[0] === RESERVED_NAME) return 'reserved';
  if (windows) return names.map(windowsHazard).find((hazard) => hazard !== null) ?? null;
  return null;
}

function windowsHazard(name: string): EntryHazard | null {
  // Control characters are refused on purpose: Windows does.
  for (const char of name) if (char < ' ' || '\\:*?"<>|'.includes(char)) return 'windows_name';
  return /[. ]$/.test(name) || WINDOWS_DEVICE.test(name) ? 'windows_name' : null;
}

/** The error that names an entry and its hazard. */
export function hazardError(path: RawPath, hazard: EntryHazard): AppError {
  const { zh, en } = HAZARD_TEXT[hazard];
  return appError('BACKUP_ENTRY_UNSAFE', { path: showPath(path), zh, en });
}

/** Looks at the entries of an archive one after another, and says of each what is wrong with it among the others. */
export class HazardCheck {
  readonly #folders = new PathSet();
  readonly #files = new PathSet();
  readonly #others = new PathSet();
  /** Folders that have no entry of their own: what lies above a source. */
  readonly #implied = new PathSet();

  check(entry: EntryLine): EntryHazard | null {
    const own = pathHazard(entry.path);
    if (own !== null) return own;
    if (this.#folders.has(entry.path) || this.#files.has(entry.path) || this.#others.has(entry.path))
      return 'duplicate';
    if (this.#belowNonFolder(entry.path)) return 'below_non_folder';
    if (entry.type !== 'directory' && this.#implied.has(entry.path)) return 'below_non_folder';
    if (entry.type === 'hardlink' && !this.#files.has(entry.link ?? '')) return 'hardlink_target';
    if (entry.type === 'directory') this.#folders.add(entry.path);
    else if (entry.type === 'file') this.#files.add(entry.path);
    else this.#others.add(entry.path);
    return null;
  }

  #belowNonFolder(path: RawPath): boolean {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const parent = path.slice(0, slash);
      // Whoever made a known folder checked all that is above it.
      if (this.#folders.has(parent)) return false;
      if (this.#files.has(parent) || this.#others.has(parent)) return true;
      if (!this.#implied.add(parent)) return false;
    }
    return false;
  }
}
