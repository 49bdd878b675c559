import type { RotationHosts } from './logs/rotate/host.ts';
import type { SshArea } from './ssh/area.ts';
import { commandLine, sudoersText } from './ssh/commands.ts';
import { logSudoers } from './ssh/log-commands.ts';

/** How logs of other hosts are rotated: by the commands of the list, over the SSH connections that all share. */
export function rotationHosts(ssh: Pick<SshArea, 'run' | 'withFiles' | 'logins'>): RotationHosts {
  return {
    withFiles: (login, signal, use) => ssh.withFiles(login, signal, use),
    login: (id) => {
      const found = ssh.logins().find((login) => login.id === id);
      return found === undefined ? null : { name: found.name, user: found.user };
    },
    run: (login, call, signal) => ssh.run(login, call, signal),
    line: ({ id, stdin: _stdin, ...given }) => commandLine(id, given),
    sudoers: (user, { unit, ...needs }) => {
      const text = sudoersText(user, []);
      if (text === null) return null;
      const reload =
        unit === null
          ? []
          : (sudoersText(user, [unit])?.split('\n') ?? []).filter((line) => line.includes(' reload '));
      return [text.trimEnd(), ...logSudoers(user, needs), ...reload, ''].join('\n');
    },
  };
}
