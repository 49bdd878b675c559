import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { appError, describeThrown } from '#shared/errors/index.ts';
import { CommandFailure, EXIT } from './session.ts';

const MAX_FILE_BYTES = 65_536;

/** Reads a file that holds a secret; `-` is standard input. What cannot be read ends the command. */
export function readSecretFile(option: string, path: string): string {
  const isInput = path === '-';
  const file = isInput ? '-' : resolve(path);
  try {
    if (!isInput && statSync(file).size > MAX_FILE_BYTES) throw new Error('too large');
    return readFileSync(isInput ? process.stdin.fd : file, 'utf8');
  } catch (thrown) {
    throw new CommandFailure(
      appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }, { field: option }),
      EXIT.usage,
    );
  }
}

/** The first line of such a file, without its end: spaces may belong to the secret. */
export function readSecretLine(option: string, path: string): string {
  return readSecretFile(option, path).split(/\r?\n/)[0] ?? '';
}
