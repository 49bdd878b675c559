import { connect, createServer, type Server, type Socket } from 'node:net';
import type { RotationStep } from '#shared/contract/logs-rotation-runs.ts';
import { systemClock } from '../../../../main/engine/platform/clock.ts';
import { systemTimers } from '../../../../main/engine/platform/timers.ts';
import { rotationHosts } from '../../../../main/engine/rotation-hosts.ts';
import { createSshArea, type SshArea } from '../../../../main/engine/ssh/area.ts';
import { newVault } from '../../../helpers/secrets.ts';
import type { Sshd } from '../../../helpers/sshd.ts';
import { callContext } from '../helpers.ts';
import { openRotation, type TestRotation } from './rotation-area.ts';

/** A rotation area that reaches hosts; its logins and trusted keys are in the data folder's console.db. */
export function openRotationOverSsh(
  dir: string,
  options: { readonly stepDone?: (step: RotationStep) => void } = {},
): TestRotation & { readonly ssh: SshArea } {
  let ssh: SshArea | null = null;
  const rotation = openRotation(dir, {
    ...options,
    hosts: (db) => {
      ssh = createSshArea({ db, secrets: newVault(db), clock: systemClock, timers: systemTimers });
      return rotationHosts(ssh);
    },
  });
  if (ssh === null) throw new Error('the area did not ask for hosts');
  const opened: SshArea = ssh;
  return {
    ...rotation,
    ssh: opened,
    close: async () => {
      await rotation.close();
      opened.close();
    },
  };
}

/** Adds a login for a server and trusts its key. @returns the login's id */
export async function addLogin(ssh: SshArea, sshd: Sshd, port: number, name = 'app-1'): Promise<string> {
  const { handlers } = ssh;
  const auth = { kind: 'key', keyFile: sshd.keyFile, passphraseFile: null } as const;
  const login = { name, host: '127.0.0.1', port, user: sshd.user, auth, via: null };
  const put = await handlers['ssh.logins.put']({ id: null, ...login }, callContext());
  if (!put.ok) throw new Error(put.error.message.en);
  const { id } = put.value;
  const tested = await handlers['ssh.logins.test']({ id }, callContext());
  const key = tested.ok ? tested.value.unknownKey : null;
  if (key !== null) {
    const trusted = await handlers['ssh.hostKeys.trust'](key, callContext());
    if (!trusted.ok) throw new Error(trusted.error.message.en);
  }
  return id;
}

/** A way to a server that can be cut. */
export type CutWay = {
  readonly port: number;
  /** Cuts every connection once so many bytes more came from the server; null: never. */
  cutAfter: number | null;
  /** Bytes that came from the server. */
  passed: number;
  readonly close: () => Promise<void>;
};

/** Listens in front of a port. */
export async function openWay(port: number): Promise<CutWay> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      // What is cut off resets the other side; that is what this is for.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (bytes: Buffer) => {
      way.passed += bytes.length;
      if (way.cutAfter !== null) {
        way.cutAfter -= bytes.length;
        if (way.cutAfter <= 0) {
          for (const socket of sockets) socket.destroy();
          return;
        }
      }
      near.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const way: CutWay = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cutAfter: null,
    passed: 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return way;
}
