import { spawn, spawnSync } from 'node:child_process';
import { encodePath, type RawPath } from '../../platform/raw-path.ts';
import { parseDump, type Xattrs } from './xattrs.ts';

/** Reads extended attributes of many files at once; Node itself cannot. */
export type XattrReader = {
  /**
   * @param paths on this machine; links are not followed
   * @returns attributes of those that have any; one that vanished or cannot be read is left out. Rejects when nothing can be read
   */
  readonly read: (paths: readonly RawPath[]) => Promise<ReadonlyMap<RawPath, Xattrs>>;
};

const ENVIRONMENT = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' };
const NUL = Buffer.alloc(1);
/** `xargs` ends with this when a file was not there or has no attributes to give: said of single files, not of all. */
const SOME_FAILED = 123;

/**
 * The reader of this machine: `getfattr` (package `attr`), one process for thousands of paths, which `xargs` hands it as bytes: the
 * runtime's own arguments are text, and names need not be.
 *
 * @returns null where there is none
 */
export function localXattrReader(): XattrReader | null {
  if (process.platform !== 'linux') return null;
  for (const command of ['getfattr', 'xargs'])
    if (spawnSync(command, ['--version'], { env: ENVIRONMENT, stdio: 'ignore' }).status !== 0) return null;
  return { read: readAll };
}

function readAll(paths: readonly RawPath[]): Promise<ReadonlyMap<RawPath, Xattrs>> {
  if (paths.length === 0) return Promise.resolve(new Map());
  return new Promise((resolve, reject) => {
    const child = spawn(
      'xargs',
      [
        '-0',
        '-r',
        'getfattr',
        '--no-dereference',
        '--dump',
        '--match=-',
        '--encoding=hex',
        '--absolute-names',
        '--',
      ],
      { env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'ignore'] },
    );
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.on('error', reject);
    // A process that ends early closes its input; its exit tells more.
    child.stdin.on('error', () => undefined);
    child.on('close', (code) => {
      if (code === 0 || code === SOME_FAILED) resolve(parseDump(Buffer.concat(pieces)));
      else reject(new Error(`getfattr ended with ${code}`));
    });
    child.stdin.end(Buffer.concat(paths.flatMap((path) => [encodePath(path), NUL])));
  });
}
