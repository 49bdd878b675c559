import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backUp, run, withEngine } from '../restore/harness.ts';

test('the file first: all versions over time, by part of a name or by wildcards, with where each lies', async () => {
  await withEngine(async (engine, root) => {
    const source = join(root, 'srv');
    mkdirSync(join(source, '合同'), { recursive: true });
    const write = (text: string): void => writeFileSync(join(source, '合同', '甲方 [终稿]*.txt'), text);
    write('一');
    writeFileSync(join(source, 'app.conf'), 'a');
    writeFileSync(join(source, 'app.conf.bak'), 'a');
    writeFileSync(Buffer.concat([Buffer.from(`${source}/raw-`), Buffer.from([0xff])]), 'raw');
    const first = await backUp(engine, 'core', source, join(root, 'backups'));
    write('一二');
    const second = await run(engine, 'core', 'incremental');
    rmSync(join(source, '合同'), { recursive: true });
    const third = await run(engine, 'core', 'incremental');
    const find = async (text: string) => (await engine.call('backup.find', { text })).files;

    const [found, ...others] = await find('甲方');
    expect(others).toEqual([]);
    expect(found?.versions.map(({ pointId, size }) => [pointId, size])).toEqual([
      [second, 6],
      [first, 3],
    ]);
    expect(found?.versions[0]?.copies).toMatchObject([{ name: join(root, 'backups'), state: 'intact' }]);
    expect(new Set(found?.versions.map(({ sha256 }) => sha256)).size).toBe(2);
    // What looks like wildcards may be the name itself.
    expect(await find('[终稿]*.txt')).toHaveLength(1);
    const names = async (text: string) => (await find(text)).map(({ path }) => path.split('/').at(-1));
    expect(await names('*.conf')).toEqual(['app.conf']);
    expect(await names('srv/*.conf*')).toEqual(['app.conf', 'app.conf.bak']);
    expect(await names('甲?*.txt')).toEqual(['甲方 [终稿]*.txt']);
    expect(await names('raw-')).toHaveLength(1);
    expect((await find('app.conf.bak'))[0]?.versions.map(({ pointId }) => pointId)).toEqual([
      third,
      second,
      first,
    ]);
  });
});
