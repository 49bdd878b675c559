import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { COMMAND_MARK } from '../../../main/engine/backup/media/kit-text.ts';

/** Runs every command of a checklist, in order, in the folder where it lies, as a person would; tells what was printed. */
export function follow(folder: string, checklist: string, env: Readonly<Record<string, string>>): string {
  const commands = readFileSync(join(folder, checklist), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(COMMAND_MARK))
    .map((line) => line.slice(COMMAND_MARK.length));
  expect(commands.length).toBeGreaterThan(3);
  const ran = spawnSync('sh', ['-eu'], {
    cwd: folder,
    input: commands.join('\n'),
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', ...env },
  });
  if (ran.error !== undefined) throw new Error(`this test needs "sh" of Debian: ${ran.error.message}`);
  expect(ran.stderr).toBe('');
  expect(ran.status).toBe(0);
  return ran.stdout;
}
