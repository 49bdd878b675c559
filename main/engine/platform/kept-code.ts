import { createHash } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';
import { writeFileDurably } from '../storage/durable.ts';
import type { Timers } from './timers.ts';

/** A script, and where the code that V8 makes of it is kept. */
export type KeptScript = {
  /** Absolute path of a CommonJS script. */
  readonly script: string;
  /** Cache folder of this person, which nobody else may write to; made when it is missing. */
  readonly folder: string;
  readonly timers: Timers;
  /** Hears why the code could not be kept; the script runs as well without. */
  readonly warn: (words: string) => unknown;
};

/** When the code is kept, milliseconds after the script ran: by then V8 has compiled what a start needs, and the first screen stands. */
const KEEP_AFTER_MS = 2_000;

const DIGEST = 'sha256';
const DIGEST_BYTES = 32;

/** The body of a CommonJS module, called with what `require` gives it. */
type Body = (
  exports: unknown,
  require: NodeJS.Require,
  module: NodeJS.Module,
  filename: string,
  dirname: string,
) => void;

/**
 * Runs a script, compiled already if an earlier run kept its code, and otherwise keeps it a moment later.
 *
 * Node's own `enableCompileCache` does this from Node 22 on only, and reads every module of a program on its own. The file
 * is `NAME.code`: a SHA-256 of script and code, then the code. V8 itself refuses code of another V8 or of other settings.
 *
 * @returns what the script exports
 * @throws what reading or running the script throws
 */
export function runKept({ script: path, folder, timers, warn }: KeptScript): unknown {
  const source = readFileSync(path);
  const file = join(folder, `${basename(path)}.code`);
  const kept = readKept(file, source);
  const script = new Script(
    // On one line with the first of the script, so that its line numbers are those of the file.
    `(function (exports, require, module, __filename, __dirname) {${source.toString('utf8')}\n})`,
    {
      filename: path,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      ...(kept === null ? {} : { cachedData: kept }),
    },
  );
  const require = createRequire(path);
  const module = new Module(path);
  // Parts of the program that are loaded later require this very script, which must not run twice.
  require.cache[path] = module;
  const body = script.runInThisContext() as Body;
  body(module.exports, require, module, path, dirname(path));
  if (kept === null || script.cachedDataRejected === true) {
    timers.after(KEEP_AFTER_MS, () => {
      try {
        keep(file, source, script.createCachedData());
      } catch (thrown) {
        warn(`compiled code could not be kept in ${file}: ${String(thrown)}`);
      }
    });
  }
  return module.exports;
}

/** The code that was kept of exactly this script, or null: V8 must never get what was damaged, or what somebody else may have written. */
function readKept(file: string, source: Buffer): Buffer | null {
  let bytes: Buffer;
  try {
    const handle = openSync(file, 'r');
    try {
      if (!isOurs(handle)) return null;
      bytes = readFileSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Nothing was kept yet, or nothing that can be read: the script is compiled anew.
    return null;
  }
  const code = bytes.subarray(DIGEST_BYTES);
  return digestOf(source, code).equals(bytes.subarray(0, DIGEST_BYTES)) ? code : null;
}

/** Whether nobody but this person can have written a file, as one could when root runs the program in another person's home. */
function isOurs(handle: number): boolean {
  // Windows has no such bits; there the folder of the person guards it.
  if (process.getuid === undefined) return true;
  const { uid, mode } = fstatSync(handle);
  return uid === process.getuid() && (mode & 0o022) === 0;
}

function keep(file: string, source: Buffer, code: Buffer): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileDurably(file, Buffer.concat([digestOf(source, code), code]));
}

function digestOf(source: Buffer, code: Buffer): Buffer {
  return createHash(DIGEST).update(source).update(code).digest();
}
