import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { HOST_COMMANDS } from '../../../main/engine/ssh/commands.ts';
import { inProject } from '../../../scripts/lib/paths.ts';

test('docs/ssh.md lists every command that may run', () => {
  const text = readFileSync(inProject('docs', 'ssh.md'), 'utf8');
  for (const { argv, sudo } of HOST_COMMANDS) {
    const line = [...(sudo ? ['sudo', '-n'] : []), ...argv].join(' ').replace('{unit}', 'UNIT');
    expect(text).toContain(`\`${line}\``);
  }
});
