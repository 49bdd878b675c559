import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hmtt, startHeadlessEngine } from '../../../helpers/headless-engine.ts';
import { tempFolder } from '../helpers.ts';
import { peer, run } from '../peers.ts';

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
    const segment = join(logs, 'app.log.1.gz');
    const line = (n: number): string => `${segment}:${n + 1}: 2026-11-22T03:00:00Z INFO numbered ${n}\n`;
    const around = await hmtt(data, 'logs', 'rotation', 'search', '"numbered 7"', '--context', '1');
    expect(around.stdout).toBe(`  ${line(6)}> ${line(7)}  ${line(8)}`);
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

it('hmtt: the lines around a hit in encrypted segments go on in those before and after; without the key they are refused by name', async () => {
  const folder = tempFolder();
  const data = join(folder.dir, 'data');
  const log = join(folder.dir, 'app.log');
  const keyFile = join(folder.dir, 'key.txt');
  run(peer('age-keygen', 'age'), ['-o', keyFile]);
  const identity = readFileSync(keyFile, 'utf8');
  const recipient = /public key: (age1\S+)/.exec(identity)?.[1] ?? '';
  const engine = await startHeadlessEngine(data);
  try {
    await engine.call('rotation.policies.put', { name: 'app', paths: [log], encryptTo: [recipient] });
    for (const text of ['one\ntwo\n', 'three needle\r\n', 'four\nfive']) {
      writeFileSync(log, text);
      expect(await hmtt(data, 'logs', 'rotate', 'app')).toMatchObject({ code: 0 });
    }
    const { segments } = await engine.call('rotation.segments.list', {});
    expect(segments.map(({ encrypted }) => encrypted)).toEqual([true, true, true]);
    const [third, second, first] = segments.map(({ file }) => file);
    const search = ['logs', 'rotation', 'search', 'needle', '--context', '2'];
    const locked = await hmtt(data, ...search);
    expect(locked.code).toBe(1);
    expect(locked.stderr).toContain('error[LOG_SEGMENT_LOCKED]');
    await engine.call('backup.keys.unlock', { identity });
    const around = await hmtt(data, ...search);
    expect(around.stdout).toBe(
      [
        `  ${first}:1: one`,
        `  ${first}:2: two`,
        `> ${second}:1: three needle`,
        `  ${third}:1: four`,
        `  ${third}:2: five`,
        '',
      ].join('\n'),
    );
    expect(around.code).toBe(0);
    const document = JSON.parse((await hmtt(data, '--json', ...search)).stdout);
    expect(document).toMatchObject({
      total: 1,
      around: [{ hit: 2, earlier: null, later: null, failed: [] }],
    });
  } finally {
    await engine.stop();
    folder.remove();
  }
});
