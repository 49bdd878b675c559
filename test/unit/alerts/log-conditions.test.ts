import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LogSource } from '#shared/contract/logs.ts';
import { appError } from '#shared/errors/index.ts';
import { burstProblems, logProblems } from '../../../main/engine/alerts/log-conditions.ts';
import { openLogRhythms } from '../../../main/engine/alerts/log-rhythm.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const NOW = Date.UTC(2026, 10, 22, 3);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const source: LogSource = {
  id: 's',
  name: 'app',
  path: '/var/log/app.log',
  format: 'auto',
  detectedFormat: 'plain',
  host: 'app-2',
  zone: '',
  more: [],
  exclude: [],
  encoding: 'auto',
  multiline: { kind: 'none' },
  origin: { kind: 'files' },
  state: 'ok',
  error: null,
  files: [],
  lines: 0,
  lastEventAt: null,
  lagBytes: 0,
};

function rhythms(folder = temporaryFolder()) {
  const db = openWritable(join(folder, 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'NORMAL',
  });
  if (!db.ok) throw new Error(db.error.code);
  return { ...openLogRhythms(db.value), close: () => db.value.close() };
}

/** Lets a source write a line every `pause` from one time to another, with a look every 5 s. */
function speak(book: ReturnType<typeof rhythms>, from: number, to: number, pause: number): number {
  let lines = Math.floor(from / pause);
  for (let at = from; at <= to; at += 5_000) {
    lines = Math.max(lines, Math.floor(at / pause));
    book.observe([{ ...source, lines }], at);
  }
  return lines;
}

test('a source is silent when it is quiet for much longer than ever of late', () => {
  const folder = temporaryFolder();
  const book = rhythms(folder);
  const lines = speak(book, NOW, NOW + 4 * HOUR, 10 * MINUTE);
  const quiet = (at: number, from = book) => {
    const [rhythm] = from.observe([{ ...source, lines }], at);
    return logProblems(source, rhythm, null, at);
  };
  const last = NOW + 4 * HOUR;
  for (let at = last; at < last + 30 * MINUTE; at += 50_000) expect(quiet(at)).toEqual([]);
  expect(quiet(last + 30 * MINUTE + 5_000)).toMatchObject([
    { condition: 'log_silence', about: { source: 'app', host: 'app-2' }, severity: 'warning' },
  ]);
  // What was learned outlives a restart; the time in which nobody looked is not the source's silence.
  book.close();
  const again = rhythms(folder);
  const restart = last + 10 * HOUR;
  expect(quiet(restart, again)).toEqual([]);
  for (let at = restart; at < restart + 30 * MINUTE; at += 50_000) expect(quiet(at, again)).toEqual([]);
  expect(quiet(restart + 30 * MINUTE + 5_000, again)).toHaveLength(1);
});

test('what a source had said before a restart is no word of it when its thread first tells of it', () => {
  const folder = temporaryFolder();
  const book = rhythms(folder);
  const lines = speak(book, NOW, NOW + 4 * HOUR, 10 * MINUTE);
  book.close();
  const again = rhythms(folder);
  const restart = NOW + 10 * HOUR;
  const spokeAt = (at: number, count: number) =>
    again.observe([{ ...source, state: count === 0 ? 'waiting' : 'ok', lines: count }], at)[0]?.spokeAt;
  expect(spokeAt(restart, 0)).toBeNull();
  expect(spokeAt(restart + 5_000, lines)).toBeNull();
  expect(spokeAt(restart + 10_000, lines)).toBeNull();
  expect(spokeAt(restart + 15_000, lines + 1)).toBe(restart + 15_000);
});

test('nothing is unusual about a source of which little is known, unless the operator says so', () => {
  const book = rhythms();
  const lines = speak(book, NOW, NOW + 20 * MINUTE, MINUTE);
  const look = (at: number) => logProblems(source, book.observe([{ ...source, lines }], at)[0], null, at);
  for (let at = NOW + 20 * MINUTE; at < NOW + 40 * MINUTE; at += 50_000) expect(look(at)).toEqual([]);
  book.set('s', 5 * MINUTE);
  expect(look(NOW + 40 * MINUTE)).toHaveLength(1);
  book.set('s', null);
  expect(look(NOW + 40 * MINUTE)).toEqual([]);
  book.set('s', 'auto');
  expect(book.setting('s')).toBe('auto');
});

test('a source that never spoke is silent only where the operator waits for it', () => {
  const book = rhythms();
  const look = (at: number) => logProblems(source, book.observe([source], at)[0], null, at);
  for (let at = NOW; at < NOW + 2 * HOUR; at += 50_000) expect(look(at)).toEqual([]);
  book.set('s', MINUTE);
  expect(look(NOW + 2 * HOUR)).toMatchObject([{ condition: 'log_silence' }]);
});

test('the pause of a source counts from the return of its host: a dead one sends no lines', () => {
  const rhythm = {
    ...{ sourceId: 's', lastLineAt: NOW - 3 * HOUR, spokeAt: NOW - 3 * HOUR },
    ...{ silentAfterMs: 15 * MINUTE, behindSince: null },
  };
  expect(logProblems(source, rhythm, null, NOW)).toMatchObject([{ since: NOW - 165 * MINUTE }]);
  expect(logProblems(source, rhythm, NOW - 14 * MINUTE, NOW)).toEqual([]);
  expect(logProblems(source, rhythm, NOW - 16 * MINUTE, NOW)).toMatchObject([{ since: NOW - MINUTE }]);
});

test('a source that is written faster than it is read is told after a while', () => {
  const book = rhythms();
  const behind = { ...source, lagBytes: 50 << 20 };
  const look = (at: number) => logProblems(behind, book.observe([behind], at)[0], null, at);
  expect(look(NOW)).toEqual([]);
  expect(look(NOW + 6 * MINUTE)).toMatchObject([{ condition: 'log_behind', since: NOW }]);
});

test('a source that cannot be read is told as that, and not as silent too', () => {
  const error = appError('LOG_FILE_UNREADABLE', { file: '/x', why: 'EACCES' });
  const rhythm = {
    ...{ sourceId: 's', lastLineAt: NOW - HOUR, spokeAt: NOW - HOUR },
    ...{ silentAfterMs: MINUTE, behindSince: null },
  };
  expect(logProblems({ ...source, state: 'error', error }, rhythm, null, NOW)).toMatchObject([
    { condition: 'log_source_error' },
  ]);
});

test('a burst is far above the busiest of the usual hours', () => {
  const hours = (usual: number, last: number, present: number) =>
    [...Array.from({ length: 22 }, () => usual), last, present].map((errors, index) => ({
      hour: NOW + index * HOUR,
      errors,
    }));
  expect(burstProblems(hours(10, 10, 90))).toEqual([]);
  expect(burstProblems(hours(10, 10, 120))).toMatchObject([{ since: NOW + 23 * HOUR }]);
  expect(burstProblems(hours(40, 150, 10))).toEqual([]);
  expect(burstProblems(hours(40, 201, 10))).toMatchObject([
    { condition: 'log_error_burst', since: NOW + 22 * HOUR },
  ]);
  // One bad hour of the past is not what is usual.
  const scarred = hours(10, 10, 500).map((each, index) => (index === 3 ? { ...each, errors: 9_000 } : each));
  expect(burstProblems(scarred)).toHaveLength(1);
  expect(burstProblems([])).toEqual([]);
});
