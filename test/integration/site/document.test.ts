import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hmtt } from '../../helpers/headless-engine.ts';
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
