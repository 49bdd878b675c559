import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own, in an image file: the nearest thing to a USB disk that a test can have. */
export type MountedImage = {
  readonly root: string;
  /** Mounts it (again), at another place when one is given. */
  readonly mount: (root?: string, options?: string) => string;
  readonly remount: (options: string) => void;
  /** Unmounts it; `lazily` pulls it from under whoever writes. */
  readonly unmount: (lazily?: boolean) => void;
};

function run(command: string, ...args: readonly string[]): void {
  const ran = spawnSync(command, [...args], { encoding: 'utf8' });
  if (ran.error !== undefined)
    throw new Error(
      `this test needs "${command}" of Debian, which could not be started: ${ran.error.message}`,
    );
  if (ran.status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${ran.status}: ${ran.stderr}`);
}

/** True where tests may mount: only root may. */
export const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

/**
 * Makes an ext4 image and mounts it.
 *
 * @param dir folder for the image and its mount point
 * @param name of both
 */
export function mountedImage(dir: string, name: string, megabytes: number): MountedImage {
  const image = join(dir, `${name}.img`);
  const fd = openSync(image, 'w');
  ftruncateSync(fd, megabytes << 20);
  closeSync(fd);
  run('mkfs.ext4', '-q', '-F', '-O', '^has_journal', '-m', '0', image);
  const home = join(dir, 'mnt', name);
  let at: string | null = null;
  const mount = (root = home, options = 'rw'): string => {
    mkdirSync(root, { recursive: true });
    run('mount', '-o', `loop,${options}`, image, root);
    at = root;
    return root;
  };
  mount();
  return {
    root: home,
    mount,
    remount: (options) => run('mount', '-o', `remount,${options}`, at ?? home),
    unmount: (lazily = false) => {
      if (at !== null) run('umount', ...(lazily ? ['-l'] : []), at);
      at = null;
    },
  };
}
