/** Whether a path of Linux, macOS or Windows is absolute. */
export function isAbsolutePath(path: string): boolean {
  return /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path);
}

function parts(path: string): readonly string[] {
  return path.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
}

/** Whether `path` is `folder` or lies below it. Only the names are compared; links are the engine's concern. */
export function isInside(path: string, folder: string): boolean {
  const inner = parts(path);
  return parts(folder).every((part, index) => inner[index] === part);
}

/** The last name of a path; the path itself when it has none (`/`). */
export function lastName(path: string): string {
  return parts(path).at(-1) ?? path;
}

/** A folder and a name in it, with the separator that the folder is written with. */
export function joinedPath(folder: string, name: string): string {
  const separator = /^[A-Za-z]:\\|^\\\\/.test(folder) ? '\\' : '/';
  return `${folder.replace(/[\\/]+$/, '')}${separator}${name}`;
}
