import { ok, type Result } from '#shared/errors/index.ts';
import type { ExecResult } from './exec.ts';

/** SHA-256, hexadecimal, of the files that the command of the list could read; the others are missing. */
export type Hashes = ReadonlyMap<string, string>;

/**
 * Understands what `sha256sum -bz` printed: for each file its hash, a space, an asterisk and the very name, ended by a NUL. What has
 * another form is left out, so that another program of that name proves nothing.
 */
function hashesOf(stdout: Buffer, asked: ReadonlySet<string>): Hashes {
  const hashes = new Map<string, string>();
  for (const line of stdout.toString('utf8').split('\0')) {
    const [, hash, path] = /^([0-9a-f]{64}) [ *](.+)$/s.exec(line) ?? [];
    if (hash !== undefined && path !== undefined && asked.has(path)) hashes.set(path, hash);
  }
  return hashes;
}

/** Hashes files on their host. Not all hosts can: those without a shell, or without the program, give none. */
export async function hashOnHost(
  run: (stdin: Uint8Array) => Promise<Result<ExecResult>>,
  paths: readonly string[],
): Promise<Result<Hashes>> {
  const ran = await run(Buffer.from(paths.map((path) => `${path}\0`).join('')));
  return ran.ok ? ok(hashesOf(ran.value.stdout, new Set(paths))) : ran;
}
