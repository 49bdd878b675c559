import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROC_SCRIPT } from '../../../main/engine/platform/proc-script.ts';
import { HOST_COMMANDS } from '../../../main/engine/ssh/commands.ts';
import { inProject } from '../../../scripts/lib/paths.ts';

test('docs/ssh.md lists every command that may run', () => {
  const text = readFileSync(inProject('docs', 'ssh.md'), 'utf8');
  expect(text).toContain(`\`\`\`sh\n${PROC_SCRIPT}\n\`\`\``);
  for (const { argv, sudo } of HOST_COMMANDS) {
    if (argv.some((word) => word === PROC_SCRIPT)) continue;
    const line = [...(sudo ? ['sudo', '-n'] : []), ...argv]
      .join(' ')
      .replaceAll(/\{([a-zA-Z]+)\}/g, (_, name: string) => name.toUpperCase());
    expect(text).toContain(`\`${line}\``);
  }
});
