import type { RemoteHosts } from './logs/receive/pulls.ts';
import type { SshArea } from './ssh/area.ts';

/** How log sources read files of other hosts: over the SSH connections that all share. */
export function remoteLogs(ssh: Pick<SshArea, 'withFiles'>): RemoteHosts {
  return { withFiles: (login, signal, use) => ssh.withFiles(login, signal, use) };
}
