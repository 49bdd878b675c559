import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tempFolder } from '../helpers.ts';
import { peer, run } from '../peers.ts';
import { openRotation, type TestRotation } from './rotation-area.ts';

/** Directives, and how many times both rotate. `DIR` stands for the folder. */
const CASES: readonly [string, number][] = [
  ['rotate 3\ndaily\ncreate', 6],
  ['rotate 3\nweekly\ncompress\ncreate 0640', 6],
  ['rotate 4\nmonthly\ncompress\ndelaycompress\ncreate', 6],
  ['rotate 2\nsize 1k\ncompress\ncopytruncate', 4],
  ['rotate 5\ndaily\ndateext\ncreate', 1],
  ['rotate 5\ndaily\ndateext\ndateformat -%Y-%m-%d\nextension .log\ncompress\ncreate', 1],
  ['rotate 5\ndaily\nextension .log\ncompress\ncreate', 3],
  ['rotate 3\ndaily\nolddir DIR/old\ncompress\ncreate', 4],
  ['rotate 3\nyearly\nstart 0\ncreate', 4],
  ['rotate 3\nhourly\nnotifempty\ncreate\nsharedscripts\npostrotate\necho ran >> DIR/ran\nendscript', 3],
  [
    'rotate 3\ndaily\nifempty\nmissingok\ncreate\nprerotate\necho before >> DIR/ran\nendscript\npostrotate\necho after >> DIR/ran\nendscript\nfirstaction\necho first >> DIR/ran\nendscript\nlastaction\necho last >> DIR/ran\nendscript',
    2,
  ],
  ['rotate 0\ndaily\ncreate', 2],
];

describe("a logrotate file, carried out by Debian's logrotate and by the console", () => {
  let folder: ReturnType<typeof tempFolder>;
  let rotation: TestRotation;
  beforeEach(() => {
    folder = tempFolder();
    rotation = openRotation(join(folder.dir, 'data'));
  });
  afterEach(async () => {
    await rotation.close();
    folder.remove();
  });

  /** Every file of a folder: its mode and its content, unpacked. */
  const contents = (dir: string): Record<string, string> =>
    Object.fromEntries(
      readdirSync(dir, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(join(dir, name)).isFile())
        .sort()
        .map((name) => {
          const bytes = readFileSync(join(dir, name));
          const mode = (statSync(join(dir, name)).mode & 0o777).toString(8);
          return [name, `${mode} ${(name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')}`];
        }),
    );

  it.each(CASES)('%j: the same files with the same names, modes and content', async (directives, rounds) => {
    const sides = ['theirs', 'ours'].map((side) => join(folder.dir, side));
    const configs = sides.map((dir) => {
      mkdirSync(join(dir, 'old'), { recursive: true });
      const text = `# a comment\n"${dir}/app.log" ${dir}/*.out {\n  ${directives.replaceAll('DIR', dir).replaceAll('\n', '\n  ')}\n}\n`;
      writeFileSync(`${dir}.conf`, text, { mode: 0o600 });
      return `${dir}.conf`;
    });
    const [theirConfig = '', ourConfig = ''] = configs;
    for (const dir of sides) {
      for (const name of ['app.log', 'one.out', 'empty.out'])
        writeFileSync(join(dir, name), name === 'empty.out' ? '' : `${name} begins\n`, { mode: 0o644 });
    }
    const read = await rotation.call('rotation.logrotate.import', { path: ourConfig });
    expect(read.refused).toEqual([]);
    expect(read.policies).toHaveLength(1);
    for (let round = 0; round < rounds; round += 1) {
      for (const dir of sides)
        for (const name of ['app.log', 'one.out'])
          appendFileSync(join(dir, name), `${name} round ${round} ${'x'.repeat(2000)}\n`);
      run(peer('logrotate', 'logrotate'), ['-f', '-s', join(folder.dir, 'state'), theirConfig]);
      const job = await rotation.run();
      expect(job.error).toBeNull();
    }
    const [theirs = '', ours = ''] = sides;
    // What scripts wrote names no folder, so it can be compared, too.
    expect(contents(ours)).toEqual(contents(theirs));
    expect(existsSync(join(ours, 'app.log-')) || rotation.area.faults().length > 0).toBe(false);
    expect(await rotation.call('rotation.verify', {})).toMatchObject({ ok: true, findings: [] });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['rotate 3\ndaily\ncompress\ncreate', { '.1.gz': 'a', '.2.gz': 'b', '.3.gz': 'c' }],
    ['rotate 3\ndaily\ncompress\ndelaycompress\ncreate', { '.1': 'a', '.2.gz': 'b', '.3.gz': 'c' }],
    ['rotate 2\ndaily\ncreate', { '.1': 'a', '.2': 'b', '.9': 'not one of the row' }],
    [
      'rotate 2\ndaily\ndateext\ncompress\ncreate',
      { '-20210102.gz': 'b', '-20210101.gz': 'c', '-20210103.gz': 'a', '-old': 'no date' },
    ],
  ])(
    '%j: what logrotate rotated before is taken over and goes when its time comes',
    async (directives, earlier) => {
      const sides = ['theirs', 'ours'].map((side) => join(folder.dir, side));
      for (const dir of sides) {
        mkdirSync(dir);
        writeFileSync(`${dir}.conf`, `${dir}/app.log {\n${directives}\n}\n`, { mode: 0o600 });
        for (const [ending, text] of Object.entries(earlier)) {
          const file = join(dir, `app.log${ending}`);
          writeFileSync(file, ending.endsWith('.gz') ? gzipSync(`${text}\n`) : `${text}\n`, { mode: 0o644 });
          // All of one time, as after copying: then the names alone say which is older.
          utimesSync(file, 1_600_000_000, 1_600_000_000);
        }
      }
      await rotation.call('rotation.logrotate.import', { path: `${sides[1]}.conf` });
      const rounds = directives.includes('dateext') ? 1 : 3;
      for (let round = 0; round < rounds; round += 1) {
        for (const dir of sides) writeFileSync(join(dir, 'app.log'), `round ${round}\n`, { mode: 0o644 });
        run(peer('logrotate', 'logrotate'), ['-f', '-s', join(folder.dir, 'state'), `${sides[0]}.conf`]);
        expect((await rotation.run()).error).toBeNull();
        expect(contents(sides[1] ?? '')).toEqual(contents(sides[0] ?? ''));
        expect(await rotation.call('rotation.verify', {})).toMatchObject({ ok: true, findings: [] });
        if (round > 0) continue;
        const [oldest] = (await rotation.call('rotation.segments.list', {})).segments.toSorted(
          (a, b) => a.rotatedAt - b.rotatedAt || a.checkpoint - b.checkpoint,
        );
        expect(oldest).toMatchObject({ source: join(sides[1] ?? '', 'app.log'), lines: 1, bytes: 2 });
      }
    },
  );

  it('a file of before that cannot be unpacked is left, told, and holds up nothing', async () => {
    const log = join(folder.dir, 'app.log');
    writeFileSync(`${log}.1.gz`, 'no gzip');
    writeFileSync(`${log}.2.gz`, gzipSync('fine\n'));
    writeFileSync(`${folder.dir}/conf`, `${log} {\nrotate 9\ndaily\ncompress\ncreate\n}\n`);
    await rotation.call('rotation.logrotate.import', { path: `${folder.dir}/conf` });
    for (const round of [1, 2]) {
      writeFileSync(log, `round ${round}\n`);
      await rotation.run();
    }
    expect(rotation.area.faults().map(({ error }) => error.code)).toEqual(['LOG_SEGMENT_DAMAGED']);
    const { segments } = await rotation.call('rotation.segments.list', {});
    expect(segments.map(({ file }) => file.slice(log.length)).sort()).toEqual(['.1.gz', '.2.gz', '.4.gz']);
    expect(readFileSync(`${log}.3.gz`, 'utf8')).toBe('no gzip');
  });

  it('a file of before that the policy excludes is left alone', async () => {
    const log = join(folder.dir, 'app.log');
    for (const date of ['20210101', '20210102']) writeFileSync(`${log}-${date}`, `${date}\n`);
    writeFileSync(log, 'now\n');
    await rotation.call('rotation.policies.put', {
      ...{ name: 'app', paths: [log], exclude: ['*-20210101'], compress: 'none' },
      ...{ naming: { style: 'dated' }, reopen: { kind: 'none' }, keep: { count: 1 } },
    });
    expect((await rotation.run()).error).toBeNull();
    const left = readdirSync(folder.dir).filter((name) => name.startsWith('app.log-'));
    expect(left.filter((name) => name.includes('-2021'))).toEqual(['app.log-20210101']);
    expect(left).toHaveLength(2);
  });

  it('refuses what it cannot take by name and line, and changes nothing then', async () => {
    mkdirSync(join(folder.dir, 'd'));
    writeFileSync(join(folder.dir, 'd', 'part'), '/x/c.log {\n  daily\n  mail root@localhost\n}\n');
    writeFileSync(join(folder.dir, 'd', 'part.dpkg-old'), 'nonsense\n');
    const text = `weekly\nrotate 4\nfrobnicate 3\ninclude ${folder.dir}/d\n/x/a.log /x/b.log {\n  size 10M\n  shred\n  su root adm\n}\n`;
    const path = join(folder.dir, 'main.conf');
    const read = await rotation.call('rotation.logrotate.preview', { path, text });
    expect(read.refused.map(({ file, line, directive }) => [file, line, directive])).toEqual([
      [path, 3, 'frobnicate 3'],
      [join(folder.dir, 'd', 'part'), 3, 'mail root@localhost'],
      [path, 7, 'shred'],
    ]);
    expect(read.warnings.map(({ line }) => line)).toEqual([8]);
    expect(read.files).toEqual([path, join(folder.dir, 'd', 'part')]);
    const policy = read.policies.find(({ paths }) => paths.includes('/x/b.log'));
    expect(policy).toMatchObject({ when: { bytes: 10 * 1024 * 1024, schedule: null }, keep: { count: 4 } });
    await expect(rotation.call('rotation.logrotate.import', { path, text })).rejects.toMatchObject({
      appError: { code: 'LOGROTATE_REFUSED', line: 3 },
    });
    expect((await rotation.call('rotation.policies.list', {})).policies).toEqual([]);
  });
});
