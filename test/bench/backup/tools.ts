import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../../../scripts/lib/paths.ts';
import { bytesBelow, type Measured, measured } from './command.ts';

/** A backup program with a store of its own. */
export type Tool = {
  readonly name: string;
  /** Makes a point: the first is a full, later ones hold what changed. */
  readonly backup: (source: string) => Promise<Measured>;
  readonly restoreAll: (source: string, into: string) => Promise<Measured>;
  readonly restoreOne: (file: string, into: string) => Promise<Measured>;
  /** Bytes of the store. */
  readonly stored: () => number;
};

/** Makes a tool with a new store below a folder. */
export type MakeTool = (folder: string) => Tool;

const restic: MakeTool = (folder) => {
  const env = {
    RESTIC_PASSWORD: 'bench',
    RESTIC_REPOSITORY: join(folder, 'repo'),
    RESTIC_CACHE_DIR: join(folder, 'cache'),
  };
  execFileSync('restic', ['init', '-q'], { env: { ...process.env, ...env } });
  return {
    name: 'restic',
    backup: (source) => measured('restic', ['backup', '-q', source], env),
    restoreAll: (_, into) => measured('restic', ['restore', '-q', 'latest', '--target', into], env),
    restoreOne: (file, into) =>
      measured('restic', ['restore', '-q', 'latest', '--include', file, '--target', into], env),
    stored: () => bytesBelow(env.RESTIC_REPOSITORY),
  };
};

/**
 * restic made to do what the console does each time: everything stored is read back and checked, everything restored is
 * compared with the repository and is on the disk at the end.
 */
const resticProven: MakeTool = (folder) => {
  const env = {
    RESTIC_PASSWORD: 'bench',
    RESTIC_REPOSITORY: join(folder, 'repo'),
    RESTIC_CACHE_DIR: join(folder, 'cache'),
  };
  execFileSync('restic', ['init', '-q'], { env: { ...process.env, ...env } });
  const shell = (script: string, ...args: string[]): Promise<Measured> =>
    measured('bash', ['-ec', script, 'bash', ...args], env);
  return {
    name: 'restic+',
    backup: (source) => shell('restic backup -q "$1"; restic check -q --read-data', source),
    restoreAll: (_, into) =>
      shell('restic restore -q latest --verify --target "$1"; sync --file-system "$1"', into),
    restoreOne: (file, into) =>
      shell(
        'restic restore -q latest --verify --include "$2" --target "$1"; sync --file-system "$1"',
        into,
        file,
      ),
    stored: () => bytesBelow(env.RESTIC_REPOSITORY),
  };
};

const borg: MakeTool = (folder) => {
  const repo = join(folder, 'repo');
  const env = { BORG_PASSPHRASE: 'bench', BORG_BASE_DIR: join(folder, 'base') };
  mkdirSync(env.BORG_BASE_DIR);
  execFileSync('borg', ['init', '-e', 'repokey-blake2', repo], { env: { ...process.env, ...env } });
  let count = 0;
  return {
    name: 'borg',
    backup: (source) => {
      count += 1;
      return measured('borg', ['create', `${repo}::${count}`, source], env);
    },
    restoreAll: (_, into) => measured('borg', ['extract', `${repo}::${count}`], env, into),
    restoreOne: (file, into) => measured('borg', ['extract', `${repo}::${count}`, file.slice(1)], env, into),
    stored: () => bytesBelow(repo),
  };
};

/** `tar | zstd | age`: everything each time. */
const tar: MakeTool = (folder) => {
  const { identity, recipient } = newIdentity(folder);
  const archive = join(folder, 'archive.tar.zst.age');
  const shell = (script: string, ...args: string[]): Promise<Measured> =>
    measured('bash', ['-o', 'pipefail', '-c', script, 'bash', ...args]);
  return {
    name: 'tar',
    backup: (source) =>
      shell(
        'tar -cf - -C / "$1" | zstd -3 -T2 -q | age -r "$2" -o "$3"',
        source.slice(1),
        recipient,
        archive,
      ),
    restoreAll: (_, into) =>
      shell('age -d -i "$1" "$2" | zstd -dcq | tar -xpf - -C "$3"', identity, archive, into),
    restoreOne: (file, into) =>
      shell(
        'age -d -i "$1" "$2" | zstd -dcq | tar -xpf - -C "$3" "$4"',
        identity,
        archive,
        into,
        file.slice(1),
      ),
    stored: () => bytesBelow(folder),
  };
};

function newIdentity(folder: string): { readonly identity: string; readonly recipient: string } {
  const identity = join(folder, '..', `${folder.split('/').at(-1)}.identity`);
  const text = execFileSync('age-keygen', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  writeFileSync(identity, text, { mode: 0o600 });
  const recipient = /public key: (\S+)/.exec(readFileSync(identity, 'utf8'))?.[1];
  if (recipient === undefined) throw new Error('age-keygen named no public key');
  return { identity, recipient };
}

/** The command line of the built console, as installed: each command is a process that opens the data folder itself. */
const hmtt: MakeTool = (folder) => {
  const { identity, recipient } = newIdentity(folder);
  const target = join(folder, 'target');
  const run = (...args: string[]): Promise<Measured> =>
    measured(process.execPath, [
      inProject('dist', 'engine', 'cli.js'),
      '--data',
      join(folder, 'data'),
      ...args,
    ]);
  let has = false;
  return {
    name: 'console',
    backup: async (source) => {
      const type = has ? 'incremental' : 'full';
      if (!has)
        await run('backup', 'add', 'bench', '--source', source, '--to', target, '--encrypt-to', recipient);
      has = true;
      return run('backup', 'run', 'bench', '--type', type);
    },
    restoreAll: (_, into) => run('restore', 'bench', '--to', into, '--identity-file', identity, '--yes'),
    restoreOne: (file, into) =>
      run('restore', 'bench', '--only', file.slice(1), '--to', into, '--identity-file', identity, '--yes'),
    stored: () => bytesBelow(target),
  };
};

/** The console first, then its peers. */
export const TOOLS: readonly MakeTool[] = [hmtt, restic, resticProven, borg, tar];
/** Without the peer that stores everything each time. */
export const TOOLS_WITH_HISTORY: readonly MakeTool[] = [hmtt, restic, borg];

/** Makes the tools, each in a folder of its own. */
export function makeTools(root: string, makers: readonly MakeTool[]): readonly Tool[] {
  return makers.map((make, n) => {
    const folder = join(root, `tool-${n}`);
    mkdirSync(folder);
    return make(folder);
  });
}
