import { expect, test } from 'vitest';
import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import { lacksSources } from '#shared/domain/lacking-sources.ts';
import { dumpFileNames } from '../../../main/engine/backup/sources/dump-folder.ts';
import { dbname, quoted } from '../../../main/engine/backup/sources/postgres-client.ts';
import { major, versionOf } from '../../../main/engine/backup/sources/tools.ts';
import { parseDatabase, parseTarget, sourcesSettings } from '../../../main/engine/cli/sources-options.ts';
import { complaint, lastLine } from '../../../main/engine/platform/command/output-tail.ts';

test('names of databases become names of files that no two share, and that lead nowhere', () => {
  const names = ['erp', 'ERP', '订单', '../../etc/passwd', '.hidden', 'a b', 'a%b', 'q"\n', '..'];
  const files = [...dumpFileNames(names, '.sql').values()];
  expect(files.slice(0, 4)).toEqual(['erp.sql', 'ERP%2.sql', '订单.sql', '%2E.%2F..%2Fetc%2Fpasswd.sql']);
  expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
  for (const file of files) expect(file).toMatch(/^[^./\\\s"][^/\\\s"]*\.sql$/);
});

test('versions are read as the tools of all makers print them', () => {
  const printed = [
    ['pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', '15.18', 15],
    ['mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)', '10.11.19', 10],
    ['mariadb-dump from 11.4.2-MariaDB, client 10.19 for Linux (x86_64)', '11.4.2', 11],
    ['mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)', '8.0.36', 8],
  ] as const;
  for (const [text, version, first] of printed) {
    expect(versionOf(text)).toBe(version);
    expect(major(version)).toBe(first);
  }
  expect(versionOf('usage: something else')).toBeUndefined();
});

test('names with quotes and backslashes stay names', () => {
  expect(dbname(`a'b\\c=d`)).toBe(`dbname='a\\'b\\\\c=d'`);
  expect(quoted('a"b')).toBe('"a""b"');
});

test('a sentence quotes what a tool complains of, not what it says last', () => {
  const output = 'pg_dump: error: connection failed\npg_dump: hint: look there\n';
  expect(complaint(output)).toBe('pg_dump: error: connection failed');
  expect(lastLine(output)).toBe('pg_dump: hint: look there');
  expect(lastLine('')).toBe('–');
});

test('a plan refuses two databases of one name, and unknown kinds', () => {
  const plan = { name: 'p', sources: [], targetDir: '/t' };
  const sqlite = { kind: 'sqlite', name: 'erp', file: '/a.db' };
  expect(backupPlanInputSchema.safeParse({ ...plan, databases: [sqlite] }).success).toBe(true);
  const same = { ...plan, databases: [sqlite, { ...sqlite, name: 'ERP' }] };
  expect(backupPlanInputSchema.safeParse(same).success).toBe(false);
  expect(backupPlanInputSchema.safeParse({ ...plan, databases: [{ ...sqlite, name: '../x' }] }).success).toBe(
    false,
  );
  expect(backupPlanInputSchema.parse(plan)).toMatchObject({ hooks: null, offline: null, databases: [] });
});

test('a point lacks a database when one could not be taken, also after a rebuild from its medium', () => {
  expect(lacksSources({ skipped: [{ path: 'srv/x' }] })).toBe(false);
  expect(lacksSources({ skipped: [{ path: '.hmtt-databases/erp' }] })).toBe(true);
});

test('databases are written on a command line as pairs or JSON', () => {
  expect(parseDatabase('postgresql:main,user=backup,port=5433,databases=a+b,method=base')).toMatchObject({
    kind: 'postgresql',
    name: 'main',
    user: 'backup',
    port: 5433,
    databases: ['a', 'b'],
    method: 'base',
  });
  expect(parseDatabase('{"kind":"sqlite","name":"x","file":"/a,b.db"}')).toMatchObject({ file: '/a,b.db' });
  expect(parseTarget('mariadb:shop_test,host=/run/mysqld/mysqld.sock')).toMatchObject({
    database: 'shop_test',
    host: '/run/mysqld/mysqld.sock',
  });
  expect(() => parseDatabase('oracle:x')).toThrow();
  expect(() => parseDatabase('sqlite')).toThrow();
  expect(sourcesSettings({})).toEqual({});
  expect(sourcesSettings({ before: 'none', offlineUnit: 'none', database: ['none'] })).toEqual({
    hooks: null,
    offline: null,
    databases: [],
  });
  expect(() => sourcesSettings({ stop: 'x' })).toThrow();
});
