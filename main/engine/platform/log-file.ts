import { appendFileSync, renameSync, statSync } from 'node:fs';

/** The console's own log: one file and one predecessor, so that it never eats the disk it warns about. */
export function boundedLogFile(path: string, maxBytes: number): (line: string) => void {
  let size: number | null = null;
  return (line) => {
    try {
      size ??= statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (size > maxBytes) {
        renameSync(path, `${path}.1`);
        size = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      size += Buffer.byteLength(line);
    } catch {
      // A full disk must not take the engine down for the sake of its own log; the alert about the disk is elsewhere.
      size = null;
    }
  };
}
