import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FoundProblem } from '../../../main/engine/alerts/built-in.ts';
import { openLedger } from '../../../main/engine/alerts/ledger.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const problem = (id: string, text = 'x'): FoundProblem => ({
  id,
  condition: 'host_down',
  severity: 'critical',
  labels: { alertname: 'HostDown', severity: 'critical', host: id },
  since: null,
  sentence: { zh: text, en: text },
  next: { zh: '', en: '' },
  link: '/hosts',
});

function database(folder = temporaryFolder()) {
  const opened = openWritable(join(folder, 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'NORMAL',
  });
  if (!opened.ok) throw new Error(opened.error.code);
  return opened.value;
}

test('a problem opens once, keeps its beginning, and ends once', () => {
  const ledger = openLedger(database());
  expect(ledger.reconcile([problem('a')], 1_000).raised.map((p) => p.id)).toEqual(['a']);
  const later = ledger.reconcile([problem('a', 'changed')], 2_000);
  expect(later.raised).toEqual([]);
  expect(later.open[0]).toMatchObject({ since: 1_000, sentence: { en: 'changed' }, labels: { host: 'a' } });
  const over = ledger.reconcile([], 3_000);
  expect(over.ended[0]).toMatchObject({ id: 'a', since: 1_000, until: 3_000 });
  expect(ledger.list('all', 10)).toMatchObject({ total: 1, alerts: [{ until: 3_000 }] });
  expect(ledger.list('firing', 10).total).toBe(0);
});

test('a problem that comes again is a new one', () => {
  const ledger = openLedger(database());
  ledger.reconcile([problem('a')], 1_000);
  ledger.reconcile([], 2_000);
  ledger.reconcile([problem('a')], 3_000);
  expect(ledger.list('all', 10).alerts.map((p) => [p.since, p.until])).toEqual([
    [3_000, null],
    [1_000, 2_000],
  ]);
});

test('what was open stays open over a restart', () => {
  const folder = temporaryFolder();
  const before = database(folder);
  openLedger(before).reconcile([problem('a')], 1_000);
  before.close();
  const ledger = openLedger(database(folder));
  expect(ledger.reconcile([problem('a')], 9_000).raised).toEqual([]);
  expect(ledger.open()[0]?.since).toBe(1_000);
});

test('a problem of before labels existed gets what can be told of it', () => {
  const path = join(temporaryFolder(), 'console.db');
  const old = openWritable(path, { migrations: consoleMigrations.slice(0, 14), synchronous: 'NORMAL' });
  if (!old.ok) throw new Error(old.error.code);
  const insert = old.value.prepare(
    `INSERT INTO problem (id, condition, severity, since_ms, sentence_zh, sentence_en, next_zh, next_en, link, alert)
     VALUES (?, ?, 'warning', 1, '', '', '', '', '/', ?)`,
  );
  insert.run('built-in', 'backup_never_ran', null);
  const alert = { file: 'f', group: 'g', annotations: {}, activeAt: 1, value: '1e+00' };
  insert.run('rule', 'Full', JSON.stringify({ ...alert, labels: { alertname: 'Full', severity: 'page' } }));
  old.value.close();
  const open = openWritable(path, { migrations: consoleMigrations, synchronous: 'NORMAL' });
  if (!open.ok) throw new Error(open.error.code);
  expect(
    openLedger(open.value)
      .open()
      .map(({ labels }) => labels),
  ).toEqual([
    { alertname: 'BackupNeverRan', severity: 'warning' },
    { alertname: 'Full', severity: 'page' },
  ]);
});

test('what a disk does not take is told all the same, and written when it can be', () => {
  const db = database();
  const ledger = openLedger(db);
  db.pragma('query_only = 1');
  expect(ledger.reconcile([problem('a')], 1_000).raised.map((p) => p.id)).toEqual(['a']);
  expect(ledger.trouble()).toContain('readonly');
  ledger.reconcile([problem('a', 'later'), problem('b')], 2_000);
  db.pragma('query_only = 0');
  ledger.reconcile([problem('b')], 3_000);
  expect(ledger.trouble()).toBeNull();
  expect(
    openLedger(db)
      .list('all', 10)
      .alerts.map(({ id, since, until, sentence }) => [id, since, until, sentence.en]),
  ).toEqual([
    ['b', 2_000, null, 'x'],
    ['a', 1_000, 3_000, 'later'],
  ]);
});
