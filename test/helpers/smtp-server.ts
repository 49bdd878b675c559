import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Peer, startPeer, untilOutput } from './peer-process.ts';
import { freePort } from './ports.ts';

/** A message as the server got it. */
export type Received = {
  readonly to: string;
  readonly tls: boolean;
  readonly raw: string;
  header: (name: string) => string;
};

/** A real SMTP server on loopback. */
export type SmtpServer = {
  readonly port: number;
  /** In the order of their arrival. */
  readonly received: () => readonly Received[];
  readonly stop: () => Promise<void>;
};

/** How the server is to behave. */
export type SmtpServerOptions = {
  readonly cert?: { readonly certFile: string; readonly keyFile: string };
  readonly login?: { readonly user: string; readonly password: string };
  readonly implicitTls?: boolean;
  /** Seconds between keeping a message and saying so. */
  readonly delay?: number;
  readonly port?: number;
};

const script = fileURLToPath(new URL('./smtp-server.py', import.meta.url));

/** Starts Debian's aiosmtpd with a mailbox in a folder. Recipients `refused…` get 550, `later…` 450. */
export async function startSmtpServer(folder: string, options: SmtpServerOptions = {}): Promise<SmtpServer> {
  const port = options.port ?? (await freePort());
  const box = join(folder, 'mailbox');
  mkdirSync(box, { recursive: true });
  const { cert, login, delay } = options;
  const peer: Peer = await startPeer(
    // The distribution's own interpreter: another one on the PATH has not the distribution's modules.
    '/usr/bin/python3',
    [
      ...[script, '--port', String(port), '--folder', box],
      ...(cert === undefined ? [] : ['--cert', cert.certFile, '--key', cert.keyFile]),
      ...(login === undefined ? [] : ['--user', login.user, '--password', login.password]),
      ...(options.implicitTls === true ? ['--implicit-tls'] : []),
      ...(delay === undefined ? [] : ['--delay', String(delay)]),
    ],
    'python3-aiosmtpd',
  );
  await untilOutput(peer, /^ready$/m).catch(async (thrown: unknown) => {
    await peer.stop();
    const missing = /No module named/.test(peer.output());
    throw missing ? new Error('aiosmtpd is needed by this test: apt-get install python3-aiosmtpd') : thrown;
  });
  return { port, received: () => readBox(box), stop: peer.stop };
}

function readBox(box: string): readonly Received[] {
  return readdirSync(box)
    .filter((name) => name.endsWith('.eml'))
    .toSorted()
    .map((name) => {
      const raw = readFileSync(join(box, name), 'utf8');
      const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
      const header = (wanted: string): string =>
        new RegExp(`^${wanted}: (.*)$`, 'im').exec(head)?.[1]?.replace('\r', '') ?? '';
      return { to: header('X-Rcpt'), tls: header('X-Tls') === 'yes', raw, header };
    });
}
