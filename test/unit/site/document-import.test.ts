import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { siteSection, written } from '../../../main/engine/platform/site-section.ts';
import { importDocument } from '../../../main/engine/site/document/import.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { appError, err, ok, type Result } from '../../../shared/errors/index.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

test('what SQLite undoes by itself on a full disk takes all of the document along', async () => {
  const opened = openWritable(join(temporaryFolder('document'), 'console.db'), {
    migrations: [{ version: 1, up: (db) => db.exec('CREATE TABLE kept (name TEXT)') }],
    synchronous: 'FULL',
  });
  if (!opened.ok) throw new Error(opened.error.code);
  const db = opened.value;
  onTestFinished(() => void db.close());
  const schema = z.object({ name: z.string() });
  const sectionOf = (name: string, put: (entry: string) => Result<unknown>) =>
    siteSection({
      name,
      most: 9,
      schema,
      key: (one) => one.name,
      read: () => [],
      put: (one) => put(one.name),
    });
  const insert = (name: string) => {
    db.prepare('INSERT INTO kept (name) VALUES (?)').run(name);
    return written;
  };
  const full = () => {
    // As SQLite does with SQLITE_FULL; the area tells it as an error and does not throw.
    db.exec('ROLLBACK');
    return err(appError('DISK_FULL', { file: db.name }));
  };
  const unknown = () => err(appError('SECRET_UNKNOWN', { id: '' }));
  const answer = await importDocument(
    {
      db,
      sections: [sectionOf('before', insert), sectionOf('full', full), sectionOf('after', insert)],
      inventory: {
        read: () => ({ hosts: [], components: [], links: [], jobs: [] }),
        plan: () =>
          ok({ rows: [], faults: [], left: 0, write: () => ok(undefined), took: async () => undefined }),
      },
      secrets: {
        reveal: unknown,
        ready: () => ok(undefined),
        importing: () => ({
          ...{ open: unknown, named: unknown },
          ...{ seal: (settings) => ok(settings), settle: () => undefined },
        }),
      },
      seal: { seal: async () => ok(''), open: async () => ok('') },
      ...{ clock: fakeTime(1).clock, version: '1', logger: silentLogger },
    },
    {
      fileName: 'site.json',
      text: JSON.stringify({
        ...{ format: 'hmtt-site', version: 3 },
        ...{ before: [{ name: 'a' }], full: [{ name: 'b' }], after: [{ name: 'c' }] },
      }),
      ...{ withoutSecrets: false, dryRun: false },
    },
  );
  expect(answer).toMatchObject({ ok: true, value: { applied: false, faults: [{ path: 'full.0' }] } });
  expect(db.prepare('SELECT name FROM kept').all()).toEqual([]);
});
