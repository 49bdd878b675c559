import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './durable.ts';

/** Lines of a file that is only appended to; null when it is not there. Throws the system's error. */
export function readLines(file: string): readonly string[] | null {
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  // A line that a power cut left unfinished is none; it is written again.
  lines.pop();
  return lines;
}

/**
 * Appends the lines that the file lacks, durably. Lines that are there are never touched: where they differ, verification is to
 * find it.
 *
 * @param lines all that the file is to hold, as console.db holds them
 */
export function appendLines(file: string, lines: readonly string[]): void {
  const isNew = !existsSync(file);
  const present = isNew ? '' : readFileSync(file, 'utf8');
  const whole = present.split('\n').length - 1;
  const rest = present.slice(present.lastIndexOf('\n') + 1);
  const wanted = lines.slice(whole).map((line) => `${line}\n`);
  if (wanted.length === 0) return;
  // The unfinished line is finished; if it is not the beginning of the next, it stays a finding.
  const text = wanted.join('');
  const missing = rest !== '' && text.startsWith(rest) ? text.slice(rest.length) : text;
  const handle = openSync(file, 'a', 0o600);
  try {
    const bytes = Buffer.from(missing, 'utf8');
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, bytes.length - at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  if (isNew) syncFolder(dirname(file));
}
