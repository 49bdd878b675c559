import { closeSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { writeFileDurably } from '../../storage/durable.ts';
import { KEY_BYTES, newKey } from './cipher.ts';

/** Makes the key file, readable by its owner only, and returns its key. Throws the system's error. */
export function makeKeyFile(path: string): Buffer {
  const key = newKey();
  writeFileDurably(path, `${key.toString('base64')}\n`, 0o600);
  return key;
}

/** @returns SECRETS_KEY_FILE when it is not there or no key */
export function readKeyFile(path: string): Result<Buffer> {
  try {
    const key = Buffer.from(readFileSync(path, 'latin1').trim(), 'base64');
    return key.length === KEY_BYTES
      ? ok(key)
      : err(appError('SECRETS_KEY_FILE', { file: path, why: `${key.length} B` }));
  } catch (thrown) {
    return err(appError('SECRETS_KEY_FILE', { file: path, why: describeThrown(thrown) }));
  }
}

/**
 * Overwrites the file, then removes it. On flash memory and journalling file systems the old bytes may survive; that is why
 * everything is sealed under a new key whenever this file goes.
 */
export function destroyKeyFile(path: string): void {
  try {
    const { size } = statSync(path);
    const handle = openSync(path, 'r+');
    try {
      writeSync(handle, Buffer.alloc(size));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // It is not there, or cannot be overwritten; removing it is what can still be done.
  }
  rmSync(path, { force: true });
}
