import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Peer, startPeer, untilOutput } from './peer-process.ts';
import { freePort } from './ports.ts';

/** A real sshd on loopback with keys of its own. */
export type Sshd = {
  readonly port: number;
  readonly user: string;
  /** Opens a login here. */
  readonly keyFile: string;
  /** As `ssh-keygen -l` tells it of the server's key. */
  readonly fingerprint: string;
  readonly peer: Peer;
  readonly stop: () => Promise<void>;
};

/** How a server differs from the usual. */
export type SshdOptions = {
  readonly keyType?: 'ed25519' | 'ecdsa' | 'rsa';
  readonly port?: number;
  /** Starts again with the keys of a server that was stopped. */
  readonly keepKeys?: boolean;
  /** Further lines of sshd_config. */
  readonly config?: readonly string[];
};

/** Makes a key pair; returns the private key's path. */
export function makeKey(file: string, type = 'ed25519', passphrase = ''): string {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', file]);
  return file;
}

/** Fingerprint of a key, as OpenSSH's own tool writes it. */
function fingerprintOf(publicKeyFile: string): string {
  return execFileSync('ssh-keygen', ['-lf', publicKeyFile], { encoding: 'utf8' }).split(' ')[1] ?? '';
}

/** Starts Debian's sshd for the user who runs the test, in a folder of its own. */
export async function startSshd(dir: string, options: SshdOptions = {}): Promise<Sshd> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const user = userInfo().username;
  const makeOrKeep = (name: string, type?: string): string =>
    options.keepKeys === true ? join(dir, name) : makeKey(join(dir, name), type);
  const keyFile = makeOrKeep('login');
  const hostKey = makeOrKeep('host', options.keyType ?? 'ed25519');
  const authorized = join(dir, 'authorized_keys');
  writeFileSync(authorized, readFileSync(`${keyFile}.pub`));
  chmodSync(authorized, 0o600);
  // Privilege separation wants this folder, which the package makes when its service starts.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = options.port ?? (await freePort());
  const config = join(dir, 'sshd_config');
  writeFileSync(
    config,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${authorized}`,
      `PidFile ${join(dir, 'pid')}`,
      'StrictModes no',
      'PermitRootLogin yes',
      'UsePAM no',
      'PasswordAuthentication no',
      'Subsystem sftp internal-sftp',
      ...(options.config ?? []),
      '',
    ].join('\n'),
  );
  const peer = await startPeer('/usr/sbin/sshd', ['-D', '-e', '-f', config], 'openssh-server');
  await untilOutput(peer, /Server listening/);
  const stop = async (): Promise<void> => {
    // Sessions that are open would keep its output open, and are not ended with it.
    spawnSync('pkill', ['-TERM', '-P', String(peer.pid)]);
    await peer.stop();
  };
  return { port, user, keyFile, fingerprint: fingerprintOf(`${hostKey}.pub`), peer, stop };
}
