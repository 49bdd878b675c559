import { expect, it } from 'vitest';
import { hmtt } from '../../../helpers/headless-engine.ts';
import { tempFolder } from '../helpers.ts';

it('hmtt logs retention: days and holds by stream; the lock is never lowered; what is wrong is refused', async () => {
  const folder = tempFolder();
  const retention = (...args: string[]) => hmtt(folder.dir, '--json', 'logs', 'retention', ...args);
  try {
    const set = await retention('set', 'hmtt-error', '400', '--default-days', '200', '--lock-days', '180');
    expect(set.stderr).toBe('');
    expect(JSON.parse(set.stdout)).toEqual({
      defaultDays: 200,
      lockDays: 180,
      streams: [{ stream: 'hmtt-error', days: 400, hold: null }],
    });
    const held = await retention('hold', 'hmtt-error', '--why', 'inquiry 7', '--who', 'li');
    expect(JSON.parse(held.stdout).streams[0]).toMatchObject({
      days: 400,
      hold: { who: 'li', why: 'inquiry 7' },
    });
    const lower = await retention('set', '--lock-days', '30');
    expect(lower.code).toBe(1);
    expect(lower.stderr).toContain('error[LOG_RETENTION_LOCKED]');
    expect((await retention('set', 'hmtt-error', 'soon')).code).toBe(2);
    const lifted = await retention('hold', 'hmtt-error', '--why', 'closed', '--clear');
    expect(JSON.parse(lifted.stdout).streams[0]).toMatchObject({ days: 400, hold: null });
    const shown = await hmtt(folder.dir, 'logs', 'retention');
    expect(shown.stdout).toMatch(/hmtt-error\s+400/);
    const help = await hmtt(folder.dir, 'logs', 'retention', '--help');
    expect(help.stdout).toMatch(/set .*hold /s);
  } finally {
    folder.remove();
  }
}, 120_000);
