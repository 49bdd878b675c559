import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CODEC } from '../../../main/engine/logs/store/codec.ts';
import { DayWriter } from '../../../main/engine/logs/store/day.ts';
import { dayMigrations, prepareDayFile } from '../../../main/engine/logs/store/day-schema.ts';
import { StoreReader } from '../../../main/engine/logs/store/reader.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';

const day = '2026-11-20';

/** Writes a day file as version 1 had it: one block of layout 1 with two lines, the second with CR LF, and a pending line. */
function writeVersion1(folder: string): void {
  const opened = openWritable(join(folder, `${day}.db`), {
    migrations: dayMigrations.slice(0, 1),
    synchronous: 'FULL',
    prepareNew: prepareDayFile,
  });
  if (!opened.ok) throw new Error(opened.error.message.en);
  const db = opened.value;
  // Times 0 and +5 (zigzag), offsets 0 and +4, levels, flags, lengths, text.
  const data = Buffer.from([0, 10, 0, 4, 3, 5, 0, 32, 3, 5, ...Buffer.from('onetwo 2')]);
  const hash = Buffer.alloc(32);
  db.prepare('INSERT INTO summary VALUES (1, ?, 1000, 2000, 3, 13, 3000)').run(day);
  db.prepare("INSERT INTO source VALUES ('s', 'app', 'h', 1)").run();
  db.prepare(
    "INSERT INTO file VALUES (1, '0123456789abcdef', 's', '/x', 0, ?, 18, ?, 3, 0, 0, NULL, '')",
  ).run(hash, hash);
  db.prepare("INSERT INTO format VALUES (1, 'plain', 'UTC')").run();
  db.prepare('INSERT INTO block VALUES (1, 1, 1, 0, 4, 1000, 1005, 2, 0, 0, 0, 1, 0, 1, 0, 3000)').run();
  db.prepare('INSERT INTO block_data VALUES (1, 1, ?, ?, ?, ?)').run(
    CODEC.stored,
    data.length,
    crc32(data),
    data,
  );
  db.prepare("INSERT INTO block_text (rowid, body) VALUES (1, 'one two 2')").run();
  db.prepare('INSERT INTO pending VALUES (1, 11, 1, 2000, 0, 0, ?)').run(Buffer.from('three'));
  db.close();
}

describe('a day file of version 1', () => {
  let folder = '';
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'hmtt-day-')), 'logs');
    mkdirSync(folder);
    writeVersion1(folder);
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  const read = (): unknown[] => {
    const store = new StoreReader(folder);
    const reader = store.day(day);
    if (!reader.ok || reader.value === null) throw new Error('not opened');
    const heads = reader.value.heads(0, 1e15, { kind: 'term', term: 'two', prefix: false });
    if (!heads.ok) throw new Error(heads.error.message.en);
    const lines = heads.value.flatMap((head) => {
      const opened = head.open();
      if (!opened.ok) throw new Error(opened.error.message.en);
      return opened.value.map(({ offset, end, time, stream, changes, raw }) => ({
        offset,
        end,
        time,
        stream,
        changes,
        text: raw.toString(),
      }));
    });
    store.close();
    return lines.sort((a, b) => a.offset - b.offset);
  };
  const common = { stream: '', changes: null };
  const expected = [
    { ...common, offset: 0, end: 4, time: 1000, text: 'one' },
    { ...common, offset: 4, end: 11, time: 1005, text: 'two 2' },
    { ...common, offset: 11, end: 17, time: 2000, text: 'three' },
  ];

  it('is read as it is, and just so after the log thread has brought it to the present version', () => {
    expect(read()).toEqual(expected);
    const writer = DayWriter.open(folder, day);
    if (!writer.ok) throw new Error(writer.error.message.en);
    expect(writer.value.indexed()).toEqual({ segments: [], lastBlock: 1 });
    writer.value.close();
    expect(read()).toEqual(expected);
  });
});
