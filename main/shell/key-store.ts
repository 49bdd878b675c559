import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { safeStorage } from 'electron';
import * as z from 'zod';
import { describeThrown } from '#shared/errors/index.ts';
import type { Logger } from '../engine/platform/logger.ts';
import { writeFileDurably } from '../engine/storage/durable.ts';

const fileSchema = z.object({ version: z.literal(1), key: z.string().max(4_096) });
const KEY_BYTES = 32;

/** True when secrets would really be kept by the operating system: on Linux Electron falls back to a password that everybody knows. */
function isThere(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  if (process.platform !== 'linux') return true;
  const backend = safeStorage.getSelectedStorageBackend();
  return backend !== 'basic_text' && backend !== 'unknown';
}

/**
 * The key that this user's key store keeps for the console; made the first time. Only its sealed form is in the file.
 *
 * @returns base64, or null when the operating system has no key store or does not give the key
 */
export function keyFromKeyStore(path: string, log: Logger): string | null {
  try {
    if (!isThere()) return null;
    const kept = readKept(path);
    if (kept !== null) return safeStorage.decryptString(Buffer.from(kept, 'base64'));
    const key = randomBytes(KEY_BYTES).toString('base64');
    const sealed = safeStorage.encryptString(key).toString('base64');
    writeFileDurably(path, JSON.stringify({ version: 1, key: sealed }));
    return key;
  } catch (thrown) {
    // A key ring that was not opened, or was made anew: the passphrase still opens the store.
    log.log('warn', 'the key store gives no key', { why: describeThrown(thrown) });
    return null;
  }
}

function readKept(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // The first start.
    return null;
  }
  return fileSchema.parse(JSON.parse(text)).key;
}
