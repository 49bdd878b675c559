import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readEntry } from '../../../main/engine/access/audit/entry.ts';
import { AuditStore } from '../../../main/engine/access/audit/store.ts';
import { type AuditTrail, createAuditTrail } from '../../../main/engine/access/audit/trail.ts';
import { jsonLogger } from '../../../main/engine/platform/logger.ts';
import { openSigner } from '../../../main/engine/platform/signing.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable, type WritableDb } from '../../../main/engine/storage/sqlite.ts';
import { checkSchema } from '../../../shared/contract/checks.ts';
import type { Job } from '../../../shared/contract/jobs.ts';
import { appError, err, ok, type Result } from '../../../shared/errors/index.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

let db: WritableDb;
let folder: string;
let store: AuditStore;
let log: string[];
let jobs: Map<string, Job>;
let time: ReturnType<typeof fakeTime>;

function taken<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

function newTrail(watching = true): AuditTrail {
  return createAuditTrail({
    ...{ store, watching, clock: time.clock, timers: time.timers },
    logger: jsonLogger(
      (line) => log.push(line),
      () => 0,
    ),
    signer: () => openSigner(join(folder, 'key.pem'), (file, pem) => writeFileSync(file, pem)),
    job: (id) => jobs.get(id),
    checkpointFile: join(folder, 'checkpoints.ndjson'),
    ...{ user: 'li', workstation: 'console-1', version: '9' },
  });
}

beforeEach(() => {
  folder = temporaryFolder('audit');
  db = taken(
    openWritable(join(folder, 'console.db'), { migrations: consoleMigrations, synchronous: 'FULL' }),
  );
  store = new AuditStore(db);
  [log, jobs, time] = [[], new Map(), fakeTime(1_000_000)];
  return () => db.close();
});

/** Makes every write fail, as a full disk does; calling the result makes room again. */
function fillDisk(): () => void {
  const pages = db.pragma('page_count', { simple: true }) as number;
  db.pragma(`max_page_count = ${pages}`);
  return () => db.pragma('max_page_count = 1073741823');
}
/** Uses up the room that is left in the file, down to what the smallest entry takes. */
function fillPages(trail: AuditTrail): void {
  for (let i = 0; i < 1_000; i += 1) {
    trail.deleted('logs.retention', '', {});
    if (log.join('').includes('waits')) return;
  }
  throw new Error('the disk never filled up');
}

const kinds = (): readonly string[] =>
  [...store.lines()].map((line) => readEntry(line)?.kind ?? 'unreadable');
const newest = () => store.list({}, undefined, 1)[0];
const job = (state: Job['state']): Job => ({
  ...{ id: 'j', kind: 'backup', title: { zh: '', en: '' }, link: '/', canPause: false, state },
  ...{ startedAt: 0, endedAt: state === 'running' ? null : 5, progress: null, error: null, result: null },
});

describe('the trail', () => {
  test('writes what is asked before it is done, and its outcome after it', () => {
    const trail = newTrail();
    const open = taken(trail.begin('secrets.put', { name: 'db', text: 'pa55word' }, 'window'));
    expect(newest()).toMatchObject({
      by: 'li',
      via: 'window',
      action: 'secrets.put',
      object: 'db',
      outcome: 'open',
    });
    open?.end(ok({}));
    expect(newest()).toMatchObject({ outcome: 'done', endedAt: 1_000_000 });
    expect([...store.lines()].join('')).not.toContain('pa55word');
    expect(kinds()).toEqual(['began', 'asked', 'ended']);
  });

  test('costs nothing for what only reads or tries out', () => {
    const trail = newTrail();
    expect(trail.begin('hosts.list', {}, 'window')).toEqual({ ok: true, value: null });
    const dry = trail.begin('recovery.import', { text: '{}', dryRun: true }, 'window');
    expect(dry).toEqual({ ok: true, value: null });
    trail.close();
    expect(store.count()).toBe(0);
  });

  test('tells failures, cancellations, refusals and what the engine deletes', () => {
    const trail = newTrail();
    taken(trail.begin('hosts.remove', { id: 'h' }, 'command'))?.end(err(appError('NOT_FOUND', {})));
    expect(newest()).toMatchObject({ outcome: 'failed', code: 'NOT_FOUND' });
    taken(trail.begin('hosts.remove', { id: 'h' }, 'command'))?.end(err(appError('CANCELLED')));
    expect(newest()).toMatchObject({ outcome: 'cancelled' });
    trail.refused('hosts.add', 'address', 'window');
    expect(newest()).toMatchObject({ outcome: 'refused', code: 'BAD_INPUT', asked: { field: 'address' } });
    trail.refused('hosts.list', 'x', 'window');
    trail.deleted('logs.retention', '2026-01-01', { reason: 'expired' });
    expect(newest()).toMatchObject({ via: 'engine', object: '2026-01-01', outcome: 'done' });
    expect(store.countOf({})).toBe(4);
    expect(store.list({ outcome: 'refused' }, undefined, 9).map(({ action }) => action)).toEqual([
      'hosts.add',
    ]);
    expect(store.list({ action: 'hosts', text: 'H' }, undefined, 9)).toHaveLength(2);
    expect(store.list({ action: 'host' }, undefined, 9)).toEqual([]);
    expect(store.list({ from: 1_000_001 }, undefined, 9)).toEqual([]);
  });

  test('the end of a job is the outcome, also of one that ended before its request was answered', () => {
    const trail = newTrail();
    const slow = taken(
      trail.begin('backup.run', { name: 'core', type: 'full', regardless: false }, 'window'),
    );
    jobs.set('j', job('running'));
    slow?.end(ok({ jobId: 'j' }));
    expect(newest()).toMatchObject({ outcome: 'begun' });
    trail.jobChanged({ ...job('failed'), error: appError('DISK_FULL', {}) });
    expect(newest()).toMatchObject({ outcome: 'failed', code: 'DISK_FULL' });
    const quick = taken(
      trail.begin('backup.run', { name: 'core', type: 'full', regardless: false }, 'window'),
    );
    jobs.set('j', job('done'));
    quick?.end(ok({ jobId: 'j' }));
    expect(newest()).toMatchObject({ outcome: 'done' });
  });

  test('an import that was refused for its faults has failed', () => {
    const trail = newTrail();
    const params = { fileName: 'site.json', text: '{}', withoutSecrets: false, dryRun: false };
    taken(trail.begin('configuration.import', params, 'window'))?.end(ok({ applied: false }));
    expect(newest()).toMatchObject({ object: 'site.json', outcome: 'failed', code: null });
    taken(trail.begin('configuration.import', params, 'window'))?.end(ok({ applied: true }));
    expect(newest()).toMatchObject({ outcome: 'done' });
  });

  test('a try of a check is recorded where it runs a program', () => {
    const trail = newTrail();
    const check = (what: object) => checkSchema.parse({ hostId: 'h', name: 'c', what });
    const tcp = { check: check({ kind: 'tcp', host: 'a', port: 1 }) };
    expect(trail.begin('checks.try', tcp, 'window')).toEqual({ ok: true, value: null });
    taken(
      trail.begin('checks.try', { check: check({ kind: 'nagios', file: '/x', args: ['s3cret'] }) }, 'window'),
    );
    expect(newest()).toMatchObject({ action: 'checks.try', object: 'c', asked: {} });
  });

  test('nobody is hindered by a trail that cannot even be read', () => {
    const trail = newTrail();
    db.close();
    trail.refused('hosts.add', 'address', 'window');
    trail.deleted('logs.retention', '2026-01-01', { reason: 'expired' });
    const refused = trail.begin('hosts.remove', { id: 'h' }, 'window');
    expect(refused.ok ? null : refused.error.code).toBe('AUDIT_UNWRITABLE');
    trail.close();
    expect(log.join('')).toContain('waits');
  });

  test('what cannot be written is refused; an outcome waits and is written with the next entry', () => {
    const trail = newTrail();
    const open = taken(trail.begin('hosts.remove', { id: 'first' }, 'window'));
    const free = fillDisk();
    fillPages(trail);
    const refused = trail.begin('hosts.remove', { id: 'second' }, 'window');
    expect(refused.ok ? null : refused.error.code).toBe('AUDIT_UNWRITABLE');
    open?.end(ok({}));
    expect(store.list({ text: 'first' }, undefined, 9)[0]).toMatchObject({ outcome: 'open' });
    free();
    taken(trail.begin('hosts.remove', { id: 'third' }, 'window'))?.end(ok({}));
    expect(store.list({ text: 'first' }, undefined, 9)[0]).toMatchObject({ outcome: 'done' });
    expect(store.list({ text: 'second' }, undefined, 9)).toEqual([]);
  });

  test('is signed after many entries, after ten minutes, and at the end; checkpoints lie beside it, too', () => {
    const trail = newTrail();
    for (let i = 0; i < 128; i += 1) taken(trail.begin('secrets.lock', {}, 'window'))?.end(ok({}));
    expect(kinds().filter((kind) => kind === 'checkpoint')).toHaveLength(1);
    taken(trail.begin('secrets.lock', {}, 'window'))?.end(ok({}));
    time.advance(600_000);
    expect(kinds().at(-1)).toBe('checkpoint');
    time.advance(6_000_000);
    expect(kinds().filter((kind) => kind === 'checkpoint')).toHaveLength(2);
    const again = newTrail();
    taken(again.begin('secrets.lock', {}, 'window'))?.end(ok({}));
    again.close();
    expect(kinds().slice(-3)).toEqual(['asked', 'ended', 'checkpoint']);
    expect(readFileSync(join(folder, 'checkpoints.ndjson'), 'utf8').trim().split('\n')).toEqual(
      store.checkpoints(),
    );
    const command = newTrail(false);
    taken(command.begin('secrets.lock', {}, 'command'))?.end(ok({}));
    command.close();
    expect(kinds().at(-1)).toBe('ended');
  });

  test('the table refuses changes and removals', () => {
    taken(newTrail().begin('secrets.lock', {}, 'window'));
    expect(() => db.exec('DELETE FROM audit_entry')).toThrow('only added to');
    expect(() => db.exec("UPDATE audit_entry SET line = '{}'")).toThrow('only added to');
  });

  test('a line that somebody made unreadable hinders neither the list nor the next entry', () => {
    const trail = newTrail();
    taken(trail.begin('secrets.lock', {}, 'window'))?.end(ok({}));
    db.exec("DROP TRIGGER audit_entry_unchanged; UPDATE audit_entry SET line = 'not JSON' WHERE n >= 2");
    expect(store.list({ text: 'x', outcome: 'open' }, undefined, 9)).toEqual([]);
    expect(store.known()).toEqual({ people: [], actions: [] });
    taken(newTrail().begin('secrets.lock', {}, 'window'))?.end(ok({}));
    expect(newest()).toMatchObject({ n: 4, outcome: 'done' });
  });
});
