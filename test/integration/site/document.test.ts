import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hmtt, hmttInChinese } from '../../helpers/headless-engine.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

test('the command exports for its owner alone, asks for the key, previews, and imports', async () => {
  const folder = temporaryFolder('site-document');
  const [data, other] = [join(folder, 'data'), join(folder, 'other')];
  const [file, passphrase] = [join(folder, 'site.json'), join(folder, 'passphrase')];
  writeFileSync(passphrase, 'correct horse battery\n');
  const document = {
    format: 'hmtt-site',
    version: 3,
    hosts: [{ name: 'app-1', address: '10.0.0.1' }],
    secrets: [{ name: 'db-readonly', text: 'a very secret text' }],
  };
  writeFileSync(file, JSON.stringify(document));
  const taken = await hmtt(data, 'import', 'site', file);
  expect(taken.code, taken.stderr).toBe(0);
  expect(taken.stdout).toContain('0 wrong');

  const written = join(folder, 'again.json');
  const exported = await hmtt(data, 'export', 'site', written, '--passphrase-file', passphrase);
  expect(exported.code, exported.stderr).toBe(0);
  expect(exported.stdout).toContain('1 secrets sealed, 0 left out');
  expect(statSync(written).mode & 0o077).toBe(0);
  expect(readFileSync(written, 'utf8')).not.toContain('a very secret text');

  const locked = await hmtt(other, 'import', 'site', written);
  expect(locked.code).toBe(1);
  expect(locked.stderr).toContain('SITE_SECRETS_SEALED');
  const preview = await hmtt(other, 'import', 'site', written, '--dry-run', '--without-secrets');
  expect(preview.code, preview.stderr).toBe(0);
  expect(preview.stdout).toContain('to be entered again: secrets/db-readonly#text');
  expect(preview.stdout).toContain('; nothing was changed');
});

test('in a Chinese terminal an import speaks Chinese', async () => {
  const folder = temporaryFolder('site-document');
  const file = join(folder, 'site.json');
  const hook = { id: 'c-1', name: 'desk', settings: { type: 'webhook', url: 'http://10.0.0.9/' } };
  const content = { format: 'hmtt-site', version: 3, channels: [hook], secrets: [{ name: 'a', text: 'b' }] };
  writeFileSync(file, JSON.stringify(content));
  const dir = join(folder, 'data');
  const taken = await hmttInChinese(dir, 'import', 'site', file);
  expect(taken.code, taken.stderr).toBe(0);
  for (const line of [
    /^部分 +新增 +更改 +相同 +保留$/m,
    /^channels +新增 +desk/m,
    /^请注意：channels\.0: 将发送到新地址：http:\/\/10\.0\.0\.9\/$/m,
    /^新增 2 条，更改 0 条，.*0 处错误$/m,
  ])
    expect(taken.stdout).toMatch(line);
  const exported = await hmttInChinese(dir, 'export', 'site', join(folder, 'out.json'));
  expect(exported.stdout).toMatch(/^已加密 0 个密码，未导出 1 个$/m);
  const trail = await hmttInChinese(dir, 'audit', 'list');
  expect(trail.stdout).toMatch(/命令行 .*完成/);
});

test('an older site file still comes in; a wrong field is refused by its path', async () => {
  const folder = temporaryFolder('site-document');
  const [data, file] = [join(folder, 'data'), join(folder, 'site.json')];
  const head = { format: 'hmtt-site', version: 1 };
  writeFileSync(file, JSON.stringify({ ...head, hosts: [{ name: 'app-1', address: '10.0.0.1' }] }));
  const older = await hmtt(data, '--json', 'import', 'site', file);
  expect(JSON.parse(older.stdout)).toMatchObject({ version: 1, applied: true, faults: [] });
  expect((await hmtt(data, 'hosts', 'list')).stdout).toContain('app-1');

  const what = { kind: 'tcp', host: 'a', port: 'seventy' };
  const checks = [{ host: 'app-1', name: 'c', what }];
  writeFileSync(file, JSON.stringify({ ...head, version: 3, checks }));
  const wrong = await hmtt(data, 'import', 'site', file);
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toContain('checks.0.what.port');
  expect(wrong.stderr).toContain('SITE_DOCUMENT_REFUSED');
});
