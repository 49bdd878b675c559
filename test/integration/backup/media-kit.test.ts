import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { follow } from './follow-text.ts';
import { debian } from './harness.ts';
import { mediaSite } from './media-harness.ts';

it.each(['README.zh.txt', 'README.en.txt'])(
  'what %s says restores every chain of every plan with standard tools alone',
  async (checklist) => {
    const site = mediaSite();
    const { harness } = site;
    const source = join(site.dir, 'source');
    mkdirSync(join(source, "it's a folder"), { recursive: true });
    writeFileSync(join(source, "it's a folder", 'keep'), 'keep');
    writeFileSync(join(source, 'goes'), 'goes');
    writeFileSync(join(source, 'log'), Buffer.alloc(6 << 20, 'line\n'));
    await harness.plan('计划 p'.replace(' ', '-'), [source]);
    await harness.plan('p', [source]);
    expect((await harness.run('p')).error).toBeNull();
    rmSync(join(source, 'goes'));
    writeFileSync(join(source, 'comes'), 'comes');
    appendFileSync(join(source, 'log'), 'appended');
    expect((await harness.run('p', 'incremental')).error).toBeNull();
    writeFileSync(join(source, 'comes'), 'changed');
    expect((await harness.run('p', 'incremental')).error).toBeNull();
    expect((await harness.run('计划-p')).error).toBeNull();
    const folder = join(site.dir, 'mnt', 'usb');
    mkdirSync(folder);
    await site.label(folder, 'HMTT-07', { anyFolder: true });
    expect((await site.copy('HMTT-07', { all: true })).error).toBeNull();
    expect((await site.copy('HMTT-07', { name: '计划-p' })).error).toBeNull();
    const expected = debian('find', ['.', '-type', 'f', '-exec', 'sha256sum', '{}', ';'], { cwd: source })
      .split('\n')
      .sort();

    // The medium and, in the same way, the first target itself.
    for (const place of [folder, harness.target]) {
      const target = join(site.dir, 'restored', place === folder ? 'medium' : 'first');
      const printed = follow(place, checklist, { TARGET: target });
      expect(printed.match(/: OK$/gm)).toHaveLength(8);
      const restored = readdirSync(target);
      expect(restored).toHaveLength(2);
      for (const one of restored) {
        const files = debian('find', ['.', '-type', 'f', '-exec', 'sha256sum', '{}', ';'], {
          cwd: join(target, one, source),
        });
        expect(files.split('\n').sort()).toEqual(expected);
      }
    }
  },
);

it('the copy of the catalogue says what is here and where the rest is', async () => {
  const site = mediaSite();
  const { harness } = site;
  const source = join(site.dir, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'a'), 'a');
  await harness.plan('p', [source]);
  const folders = ['one', 'two'].map((name) => join(site.dir, 'mnt', name));
  for (const [index, folder] of folders.entries()) {
    mkdirSync(folder);
    await site.label(folder, `HMTT-0${index + 1}`, { anyFolder: true, location: `shelf ${index + 1}` });
    expect((await harness.run('p')).error).toBeNull();
    expect((await site.copy(`HMTT-0${index + 1}`)).error).toBeNull();
  }
  const { points, media, target } = JSON.parse(
    readFileSync(join(folders[1] ?? '', 'CATALOGUE.json'), 'utf8'),
  );
  expect(target).toMatchObject({ label: 'HMTT-02', folder: 'archives' });
  expect(media.map(({ label, location }: { label: string; location: string }) => [label, location])).toEqual([
    ['HMTT-01', 'shelf 1'],
    ['HMTT-02', 'shelf 2'],
  ]);
  expect(points).toHaveLength(2);
  expect(points[0]).toMatchObject({ here: true, sources: [source] });
  expect(points[1].here).toBe(false);
  expect(points[1].elsewhere.map(({ name }: { name: string }) => name)).toContain('HMTT-01');
  expect(readFileSync(join(folders[1] ?? '', 'README.zh.txt'), 'utf8')).toContain('HMTT-01 (shelf 1)');
});

it('what it says opens encrypted archives with age, and tells no paths of theirs', async () => {
  const site = mediaSite();
  const { harness } = site;
  const source = join(site.dir, 'a secret folder');
  mkdirSync(source);
  writeFileSync(join(source, 'file'), 'content');
  const identity = join(site.dir, 'identity.txt');
  debian('age-keygen', ['-o', identity]);
  const recipient = /age1\w+/.exec(readFileSync(identity, 'utf8'))?.[0] ?? '';
  await harness.plan('p', [source], { encryption: { recipients: [recipient] } });
  expect((await harness.run('p')).error).toBeNull();
  // A key file of a passphrase lies beside the archives, and goes with them.
  writeFileSync(join(harness.target, 'site.key.age'), 'sealed');
  const folder = join(site.dir, 'mnt', 'usb');
  mkdirSync(folder);
  await site.label(folder, 'HMTT-07', { anyFolder: true });
  expect((await site.copy('HMTT-07')).error).toBeNull();
  expect(readFileSync(join(folder, 'archives', 'site.key.age'), 'utf8')).toBe('sealed');
  for (const name of ['CATALOGUE.json', 'README.zh.txt', 'README.en.txt'])
    expect(readFileSync(join(folder, name), 'utf8')).not.toContain('secret');
  const target = join(site.dir, 'restored');
  follow(folder, 'README.zh.txt', { TARGET: target, KEY: identity });
  const [restored] = readdirSync(target);
  expect(readFileSync(join(target, restored ?? '', source, 'file'), 'utf8')).toBe('content');
});
