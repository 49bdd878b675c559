import { expect, test } from 'vitest';
import { databaseSourceSchema } from '#shared/contract/backup-sources.ts';
import {
  newDatabase,
  type SourcesDraft,
  sourcesIssues,
  systemdCommands,
  systemdUnit,
} from '../../../renderer/wizards/backup-plan/sources/draft.ts';

const none: SourcesDraft = { hooks: null, offline: null, databases: [], remotes: [] };

test('a plan without databases, commands and services has nothing in its way', () => {
  expect(sourcesIssues(none)).toEqual([]);
});

test('databases need names of their own, and SQLite a whole path', () => {
  const first = newDatabase('postgresql', []);
  const second = newDatabase('postgresql', [first]);
  expect([first.name, second.name]).toEqual(['postgresql', 'postgresql-2']);
  expect(databaseSourceSchema.parse(first)).toEqual(first);
  expect(sourcesIssues({ ...none, databases: [first, second] })).toEqual([]);
  expect(sourcesIssues({ ...none, databases: [first, { ...second, name: 'PostgreSQL' }] })).toEqual([
    'databaseNameTaken',
  ]);
  const file = newDatabase('sqlite', []);
  expect(sourcesIssues({ ...none, databases: [{ ...file, name: '../x' }] })).toEqual([
    'databaseName',
    'databaseFile',
  ]);
});

test('an offline backup needs both commands; a unit gives all three, and nothing of a shell', () => {
  const offline = { stop: '', start: '', check: null, timeoutMs: 60_000, host: null };
  expect(sourcesIssues({ ...none, offline })).toEqual(['offlineCommands']);
  const unit = systemdCommands('hmtt-erp@1.service');
  expect(sourcesIssues({ ...none, offline: { ...offline, ...unit } })).toEqual([]);
  expect(unit.check).toBe('systemctl is-active --quiet hmtt-erp@1.service');
  expect(systemdCommands(' ')).toEqual({ stop: '', start: '', check: null });
  expect(systemdUnit(unit)).toBe('hmtt-erp@1.service');
  expect(systemdCommands('erp; rm -rf /').stop).toBe('systemctl stop erprm-rf');
});
