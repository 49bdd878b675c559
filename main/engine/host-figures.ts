import { ok } from '#shared/errors/index.ts';
import type { AskHost } from './collect/proc/reader.ts';
import type { SshArea } from './ssh/area.ts';

/** How collecting reads a host's own figures: by a command of the list, over the SSH connections that all share. */
export function figuresOver(ssh: Pick<SshArea, 'run'>): AskHost {
  return async (login, signal) => {
    const answer = await ssh.run(login, { id: 'figures' }, signal);
    return answer.ok ? ok(answer.value.stdout.toString('utf8')) : answer;
  };
}
