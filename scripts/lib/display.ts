import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** A virtual display of one's own. */
export type VirtualDisplay = {
  /** Variables that a program needs to draw on it. */
  readonly env: { readonly DISPLAY: string; readonly XAUTHORITY: string };
  /** Ends it. Programs that still draw on it lose their connection. */
  readonly close: () => Promise<void>;
};

/** How long Xvfb may take to open its display. */
const openLimitMs = 20_000;

/** Whether programs would find a display already. Only Linux can be without one. */
export function hasDisplay(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Starts Xvfb on the first free display number.
 *
 * `xvfb-run` would do, but a signal that ends it leaves its program and its display behind. Access needs a secret
 * cookie, so that nobody else on the machine can watch or type into the console.
 *
 * @param size width and height in pixels.
 * @throws Error in words when Xvfb is missing or does not start.
 */
export async function openVirtualDisplay(size = '1440x900'): Promise<VirtualDisplay> {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-display-'));
  const authority = join(folder, 'authority');
  writeFileSync(authority, authorityFile(randomBytes(16)), { mode: 0o600 });
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-auth', authority],
    // A group of its own: Ctrl-C in the terminal goes to the app, which still needs its display to end well.
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true },
  );
  const close = async (): Promise<void> => {
    await ended(server);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const number = await displayNumber(server);
    return { env: { DISPLAY: `:${number}`, XAUTHORITY: authority }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * An Xauthority file with one MIT-MAGIC-COOKIE-1 for every display of this machine.
 *
 * Format (libXau): family, then address, display number, name and data, each with a 16-bit big-endian length.
 */
export function authorityFile(cookie: Uint8Array): Buffer {
  const familyWild = Buffer.from([0xff, 0xff]);
  const counted = (bytes: Uint8Array): Buffer => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const none = new Uint8Array(0);
  return Buffer.concat([
    familyWild,
    counted(none),
    counted(none),
    counted(Buffer.from('MIT-MAGIC-COOKIE-1')),
    counted(cookie),
  ]);
}

/** Xvfb writes the number it took to descriptor 3 once it accepts connections. */
function displayNumber(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const refuse = (words: string): void => reject(new Error(`The virtual display did not start: ${words}`));
    const timer = setTimeout(() => refuse(`no answer in ${openLimitMs / 1000} s`), openLimitMs);
    server.once('error', (error) => refuse(error.message));
    server.once('exit', (code) => refuse(`Xvfb ended with code ${code}`));
    let text = '';
    const answer = server.stdio[3] as Readable;
    answer.on('data', (part: Buffer) => {
      text += part.toString('latin1');
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(text.trim());
    });
  });
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.kill('SIGTERM');
  });
}
