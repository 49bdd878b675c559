import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { follow } from './follow-text.ts';
import { debian, scratch } from './harness.ts';

const cli = fileURLToPath(new URL('../../../main/engine/cli.ts', import.meta.url));

/** Takes zstd away, as it is absent in the older runtimes that still run the console. */
const WITHOUT_ZSTD =
  "--import=data:text/javascript,import%20zlib%20from%20'node:zlib';zlib.zstdCompress=undefined";

/** Every file, folder and link below a folder with what `sha256sum` and `ls` say of it. */
function described(dir: string): string {
  return debian('sh', [
    '-c',
    'cd "$1" && find . -printf "%y %p %m %l\\n" | sort && find . -type f -exec sha256sum {} + | sort -k2',
    'sh',
    dir,
  ]);
}

describe.each([
  ['zstd', 'plain'],
  ['gzip', 'plain'],
  ['zstd', 'encrypted'],
  ['gzip', 'encrypted'],
] as const)('%s archives, %s', (codec, kind) => {
  const place = scratch(`follow-${codec}-${kind}`);
  const source = join(place.dir, 'source');
  const target = join(place.dir, 'target');
  const key = join(place.dir, 'key.txt');
  const hmtt = (...args: string[]): string => {
    const env = { ...process.env, NODE_OPTIONS: codec === 'gzip' ? WITHOUT_ZSTD : '' };
    const ran = spawnSync(process.execPath, [cli, '--data', join(place.dir, 'data'), ...args], {
      encoding: 'utf8',
      env,
    });
    expect(`${ran.status} ${ran.status === 0 ? '' : ran.stderr}`.trim()).toBe('0');
    return ran.stdout;
  };
  afterAll(() => place.remove());

  it('of every type are unpacked with standard tools by what the medium itself says', () => {
    mkdirSync(join(source, 'a folder'), { recursive: true });
    writeFileSync(join(source, 'a folder', '数据.txt'), 'one\n');
    writeFileSync(join(source, 'goes'), 'goes');
    writeFileSync(join(source, 'log'), Buffer.alloc(3 << 20, 'line\n'));
    linkSync(join(source, 'goes'), join(source, 'goes too'));
    symlinkSync('log', join(source, 'link'));
    const encryption: string[] = [];
    if (kind === 'encrypted') {
      debian('age-keygen', ['-o', key]);
      encryption.push('--encrypt-to', /age1\S+/.exec(readFileSync(key, 'utf8'))?.[0] ?? '');
    }
    hmtt('backup', 'add', 'p', '--source', source, '--to', target, ...encryption);
    hmtt('backup', 'run', 'p');
    appendFileSync(join(source, 'log'), 'appended\n');
    rmSync(join(source, 'goes too'));
    hmtt('backup', 'run', 'p', '--type', 'incremental');
    writeFileSync(join(source, 'comes'), 'comes');
    hmtt('backup', 'run', 'p', '--type', 'incremental');
    const atIncremental = described(source);
    rmSync(join(source, 'goes'));
    writeFileSync(join(source, 'a folder', '数据.txt'), 'two\n');
    hmtt('backup', 'run', 'p', '--type', 'differential');
    const suffix = `tar.${codec === 'zstd' ? 'zst' : 'gz'}${kind === 'encrypted' ? '.age' : ''}`;
    const archives = readdirSync(target).filter((name) => name.includes('.tar.'));
    expect(
      archives
        .map((name) =>
          name
            .split('.')
            .slice(2)
            .join('.')
            .replace(/\.\w{8}\./, '.'),
        )
        .sort(),
    ).toEqual(['differential', 'full', 'incremental', 'incremental'].map((type) => `${type}.${suffix}`));

    // The README inside an archive, with the names that a person puts in.
    const full = archives.find((name) => name.includes('.full.')) ?? '';
    const inside = join(place.dir, 'inside');
    mkdirSync(inside);
    const open = kind === 'encrypted' ? `age -d -i '${key}' '${full}'` : `cat '${full}'`;
    const unpack = codec === 'zstd' ? 'zstd -dc' : 'gzip -dc';
    const readme = debian('sh', ['-ec', `${open} | ${unpack} | tar -xOf - .hmtt-archive/README.txt`], {
      cwd: target,
    });
    const commands = readme
      .slice(0, readme.indexOf('Chains:'))
      .split('\n')
      .filter((line) => /^ {2}(sha256sum|age|zstd|gzip|cd) /.test(line))
      .map((line) =>
        line
          .replace(/名称\/NAME|NAME/g, full.slice(0, full.indexOf('.tar.')))
          .replace(/目标目录\/TARGET|TARGET/g, inside)
          .replace('密钥文件/KEY', key),
      );
    expect(commands).toHaveLength(3);
    debian('sh', ['-ec', commands.join('\n')], { cwd: target });

    for (const text of ['README.zh.txt', 'README.en.txt']) {
      const out = join(place.dir, `out-${text}`);
      follow(target, text, { TARGET: out, KEY: key });
      const restored = readdirSync(out).map((name) => described(join(out, name, source)));
      expect(restored.sort()).toEqual([described(source), atIncremental].sort());
    }
  });
});
