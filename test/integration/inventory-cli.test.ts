import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hmtt } from '../helpers/headless-engine.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

test('a list is previewed, taken, exported, and taken over by another console', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const list = join(folder, 'hosts.csv');
  writeFileSync(list, '名称,地址,层,上联,导出器\nsw-1,10.0.0.1,,,\napp-1,10.0.0.2,业务层,sw-1,9100\n');
  const preview = await hmtt(data, 'inventory', 'import', list, '--dry-run');
  expect(preview).toMatchObject({ code: 0 });
  expect(preview.stdout).toContain('app-1 → sw-1');
  expect(preview.stdout).toContain(
    '4 added, 0 changed, 0 the same, 0 wrong (csv, utf-8); nothing was changed',
  );
  expect((await hmtt(data, 'hosts', 'list')).stdout).not.toContain('app-1');

  expect((await hmtt(data, 'inventory', 'import', list)).code).toBe(0);
  expect((await hmtt(data, 'hosts', 'list')).stdout).toContain('app-1');
  const exported = await hmtt(data, 'inventory', 'export');
  const site = join(folder, 'site.json');
  writeFileSync(site, exported.stdout);
  const other = join(folder, 'other');
  expect((await hmtt(other, 'import', 'site', site)).code).toBe(0);
  const again = await hmtt(other, 'inventory', 'export');
  const withoutTime = (text: string) => text.replace(/"exportedAt": "[^"]*"/, '');
  expect(withoutTime(again.stdout)).toBe(withoutTime(exported.stdout));
});

test('wrong rows are named, end with code 1, and are left out when asked for', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const list = join(folder, 'hosts.csv');
  writeFileSync(list, 'name,address,tier\na,10.0.0.1,data\nb,10.0.0.2,datta\n');
  const refused = await hmtt(data, 'inventory', 'import', list);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('hosts.csv:3: tier: "datta" is not known');
  expect(refused.stderr).toContain('INVENTORY_ROWS_REFUSED');
  const taken = await hmtt(data, 'inventory', 'import', list, '--good-rows', '--json');
  expect(taken.code).toBe(0);
  expect(JSON.parse(taken.stdout)).toMatchObject({
    applied: true,
    rows: [{ name: 'a' }],
    faults: [{ line: 3 }],
  });
});
