import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hmtt } from '../../../helpers/headless-engine.ts';
import { tempFolder } from '../helpers.ts';

it('hmtt: a logrotate file is imported, its logs rotate and stay searchable, tampering ends with exit code 3', async () => {
  const folder = tempFolder();
  try {
    const data = join(folder.dir, 'data');
    const logs = join(folder.dir, 'in');
    mkdirSync(logs);
    const log = join(logs, 'app.log');
    const lines = Array.from({ length: 300 }, (_, n) => `2026-11-22T03:00:00Z INFO numbered ${n}\n`).join('');
    writeFileSync(log, lines);
    const config = join(folder.dir, 'logrotate.conf');
    writeFileSync(config, `${log} {\n  daily\n  rotate 5\n  compress\n  create\n}\n`);
    expect((await hmtt(data, 'logs', 'add', '--path', log)).code).toBe(0);
    expect((await hmtt(data, 'import', 'logrotate', config)).stdout).toContain('app.log');
    // The rotation stores what nobody has read yet before the old file goes; nothing is stored twice.
    const rotated = await hmtt(data, '--json', 'logs', 'rotate');
    expect(rotated.stderr).toBe('');
    expect(JSON.parse(rotated.stdout)[0]).toMatchObject({
      state: 'done',
      linesBefore: 300,
      linesAfter: 300,
      lostBytes: 0,
    });
    expect(readdirSync(logs)).toEqual(['app.log', 'app.log.1.gz']);
    appendFileSync(log, '2026-11-22T03:00:01Z INFO numbered 300\n');
    expect((await hmtt(data, 'logs', 'sync')).code).toBe(0);
    const counted = await hmtt(data, '--json', 'logs', 'search', 'numbered', '--count');
    expect(JSON.parse(counted.stdout)).toMatchObject({ total: 301 });
    const found = await hmtt(data, 'logs', 'rotation', 'search', '"numbered 7"');
    expect(found.stdout).toContain('app.log.1.gz:8: ');
    expect((await hmtt(data, 'logs', 'verify')).code).toBe(0);
    appendFileSync(join(logs, 'app.log.1.gz'), 'x');
    const verified = await hmtt(data, 'logs', 'verify');
    expect(verified.code).toBe(3);
    expect(verified.stderr).toContain('error[LOG_ARCHIVE_DAMAGED]');
    expect(verified.stdout).toContain('app.log.1.gz');
    const refused = join(folder.dir, 'refused.conf');
    writeFileSync(refused, `${log} {\n  daily\n  mail a@b\n}\n`);
    const no = await hmtt(data, 'import', 'logrotate', refused);
    expect(no.code).toBe(1);
    expect(no.stderr).toContain(`${refused}:3: mail a@b`);
    const missing = await hmtt(data, 'logs', 'rotate', 'nobody');
    expect(missing.code).toBe(1);
  } finally {
    folder.remove();
  }
});
