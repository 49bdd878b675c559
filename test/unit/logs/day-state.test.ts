import { renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FormatSpec, StoredLine } from '../../../main/engine/logs/model.ts';
import { parserCache } from '../../../main/engine/logs/parse/parser.ts';
import { answerCall } from '../../../main/engine/logs/search/answers.ts';
import { searchTools } from '../../../main/engine/logs/search/events.ts';
import { gathered } from '../../../main/engine/logs/store/columns.ts';
import { DayWriter } from '../../../main/engine/logs/store/day.ts';
import { dayMigrations, prepareDayFile } from '../../../main/engine/logs/store/day-schema.ts';
import { dayPath } from '../../../main/engine/logs/store/paths.ts';
import { StoreReader } from '../../../main/engine/logs/store/reader.ts';
import { Statements } from '../../../main/engine/logs/store/statements.ts';
import { runIndexJob } from '../../../main/engine/logs/terms/job.ts';
import { OpenDay } from '../../../main/engine/logs/terms/open-day.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const DAY = '2026-11-20';
const NOON = Date.UTC(2026, 10, 20, 12);
const FORMAT: FormatSpec = { spec: 'plain', zone: 'UTC' };
const KEY = '0123456789abcdef';

let folder: string;
let writer: DayWriter;
/** Kept open from the beginning of a test to its end, as searches keep theirs. */
let store: StoreReader;
let damaged: number[];
let written: number;

beforeEach(() => {
  folder = temporaryFolder('day-state');
  writer = openWriter();
  damaged = [];
  store = new StoreReader(folder, (_day, segments) => damaged.push(...segments));
  written = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
  store.close();
  writer.close();
});

function openWriter(day = DAY): DayWriter {
  const opened = DayWriter.open(folder, day);
  if (!opened.ok) throw new Error(opened.error.message.en);
  return opened.value;
}

/** Stores some lines, numbered from the last one's on. */
function commit(count: number, into = writer): void {
  const lines = Array.from({ length: count }, (_, i): StoredLine => {
    const offset = (written + i) * 20;
    const raw = Buffer.from(`line n${written + i}`);
    const time = NOON + written + i;
    return { offset, end: offset + 20, time, level: 3, flags: 0, stream: '', changes: null, raw };
  });
  written += count;
  const position = {
    ...{ key: KEY, sourceId: 's', path: '/var/log/x.log', headLength: 0, headHash: Buffer.alloc(32) },
    ...{ offset: written * 20, tailHash: Buffer.alloc(32), lines: written, mtimeMs: NOON, finished: false },
    ...{ prev: null, place: '' },
  };
  const source = { id: 's', name: 'app', host: 'h' };
  const columns = { ...gathered(lines), streams: null };
  into.commit([{ day: DAY, source, format: FORMAT, lines: columns, position }], NOON);
}

/** Makes segments for all blocks that have none. */
function index(blocksEach = 1000): void {
  const open = new OpenDay(folder);
  try {
    for (;;) {
      const { segments, lastBlock } = writer.indexed();
      const firstBlock = (segments[segments.length - 1]?.lastBlock ?? 0) + 1;
      if (firstBlock > lastBlock) return;
      const last = Math.min(lastBlock, firstBlock + blocksEach - 1);
      const job = { kind: 'build', firstBlock, lastBlock: last } as const;
      const built = runIndexJob(open, DAY, job, new Map(), parserCache());
      if (!built.ok) throw new Error(built.error.message.en);
      writer.putIndex(built.value.built, built.value.obsolete);
    }
  } finally {
    open.close();
  }
}

type Seen = {
  /** Lines as they are seen, by their numbers, those of every block and pending row as often as they stand there. */
  readonly lines: readonly number[];
  readonly blocks: number;
};

/** What a search for a word (or for everything) looks at. */
function seen(word: string | null, of = store): Seen {
  const days = of.days();
  if (!days.ok) throw new Error(days.error.message.en);
  const lines: number[] = [];
  let blocks = 0;
  for (const day of days.value) {
    const terms = word === null ? null : ({ kind: 'term', term: word, prefix: false } as const);
    const heads = day.heads(0, Number.MAX_SAFE_INTEGER, terms);
    if (!heads.ok) throw new Error(heads.error.message.en);
    for (const head of heads.value) {
      if (head.block !== null) blocks += 1;
      const opened = head.open();
      if (!opened.ok) throw new Error(opened.error.message.en);
      lines.push(...opened.value.map(({ raw }) => Number(/n(\d+)$/.exec(raw.toString())?.[1])));
    }
  }
  return { lines: lines.sort((a, b) => a - b), blocks };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('what is kept of a day file', () => {
  it('is all that an unchanged one is asked for, besides the pages of its index', () => {
    commit(1100);
    index();
    expect(seen('n7').blocks).toBe(1);
    const asked = vi.spyOn(Statements.prototype, 'of');
    expect(seen('n2000').lines).toEqual(upTo(1100).slice(1024));
    const texts = new Set(asked.mock.calls.map(([sql]) => sql.replace(/ .*(FROM \w+) .*/, ' $1')));
    expect([...texts].sort()).toEqual(['BEGIN', 'COMMIT', 'PRAGMA data_version', 'SELECT FROM term_page']);
  });

  it('is forgotten when lines arrive', () => {
    commit(3);
    expect(seen(null).lines).toEqual(upTo(3));
    const times = (): unknown => {
      const day = store.day(DAY);
      return day.ok && day.value !== null ? day.value.times() : null;
    };
    expect(times()).toEqual({ ok: true, value: { minTime: NOON, maxTime: NOON + 2 } });
    commit(2);
    expect(seen(null).lines).toEqual(upTo(5));
    expect(times()).toEqual({ ok: true, value: { minTime: NOON, maxTime: NOON + 4 } });
  });

  it('is forgotten when pending lines become a block: each is seen once, before and after', () => {
    commit(100);
    expect(seen(null)).toEqual({ lines: upTo(100), blocks: 0 });
    writer.seal(NOON);
    expect(seen(null)).toEqual({ lines: upTo(100), blocks: 1 });
    expect(seen('n7')).toEqual({ lines: upTo(100), blocks: 1 });
  });

  it('is forgotten when a part of the index is stored, replaced or taken out', () => {
    commit(5 * 512);
    expect(seen('n7').blocks).toBe(5);
    index(2);
    expect(seen('n7').blocks).toBe(1);
    const [first, second] = writer.indexed().segments;
    writer.putIndex(null, [first?.id ?? 0]);
    expect(seen('n7').blocks).toBe(2);
    expect(seen('n2000').blocks).toBe(3);
    writer.putIndex(null, [second?.id ?? 0]);
    expect(seen('n2000').blocks).toBe(4);
    expect(damaged).toEqual([]);
  });

  it('does not hide that a page of the index was damaged since', () => {
    commit(2 * 512);
    index();
    expect(seen('n7').blocks).toBe(1);
    const db = new Database(dayPath(folder, DAY));
    db.prepare(`UPDATE term_page SET data = substr(data, 1, 20) || x'ff' || substr(data, 22)`).run();
    expect(seen('n7').blocks).toBe(2);
    expect(damaged).toEqual([1]);
    db.prepare('UPDATE term_segment SET crc = 0').run();
    expect(seen('n7').blocks).toBe(2);
    expect(damaged).toEqual([1, 1]);
    db.close();
  });

  it('is forgotten with the file: when it is deleted, and when another takes its name', () => {
    commit(10);
    expect(seen(null).lines).toEqual(upTo(10));
    const remove = (): void => {
      writer.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${dayPath(folder, DAY)}${suffix}`, { force: true });
    };
    remove();
    expect(seen(null)).toEqual({ lines: [], blocks: 0 });
    writer = openWriter();
    written = 0;
    commit(3);
    expect(seen(null).lines).toEqual(upTo(3));
    const other = openWriter('2026-11-21');
    commit(4, other);
    other.seal(NOON);
    other.close();
    remove();
    renameSync(dayPath(folder, '2026-11-21'), dayPath(folder, DAY));
    expect(seen(null).lines).toEqual([3, 4, 5, 6]);
    writer = openWriter();
  });

  it('is forgotten when the file is brought to the present version: its index is asked from then on', () => {
    const day = '2026-11-19';
    const made = openWritable(dayPath(folder, day), {
      migrations: dayMigrations.slice(0, 1),
      synchronous: 'FULL',
      prepareNew: prepareDayFile,
    });
    if (!made.ok) throw new Error(made.error.message.en);
    made.value.close();
    writer.close();
    renameSync(dayPath(folder, day), dayPath(folder, DAY));
    expect(seen(null)).toEqual({ lines: [], blocks: 0 });
    writer = openWriter();
    commit(2 * 512);
    index();
    expect(seen('n7').blocks).toBe(1);
  });

  it('does not grow with pending lines that are long', () => {
    commit(3);
    expect(seen(null).lines).toEqual(upTo(3));
    const db = new Database(dayPath(folder, DAY));
    db.prepare(`UPDATE pending SET raw = CAST(printf('%50000c n%d', 'x', offset / 20) AS BLOB)`).run();
    db.close();
    expect(seen(null).lines).toEqual(upTo(3));
    const asked = vi.spyOn(Statements.prototype, 'of');
    expect(seen(null).lines).toEqual(upTo(3));
    expect(asked.mock.calls.some(([sql]) => sql.includes('FROM pending'))).toBe(true);
  });

  it('does not grow with pending lines that are many, either: a short line takes more than its text', () => {
    const isKept = (): boolean => {
      seen(null);
      const asked = vi.spyOn(Statements.prototype, 'of');
      seen(null);
      const wasAsked = asked.mock.calls.some(([sql]) => sql.includes('FROM pending'));
      asked.mockRestore();
      return !wasAsked;
    };
    commit(100);
    expect(isKept()).toBe(true);
    commit(400);
    expect(isKept()).toBe(false);
  });

  it('never shows a search anything else than a reader that was just opened sees', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('commit' as const), count: fc.integer({ min: 1, max: 700 }) }),
      fc.record({ kind: fc.constant('seal' as const) }),
      fc.record({ kind: fc.constant('index' as const), count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('forget' as const), at: fc.nat(5) }),
    );
    let total = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.nat(5000), (steps, n) => {
        for (const one of steps) {
          if (one.kind === 'commit') commit(one.count);
          else if (one.kind === 'seal') writer.seal(NOON);
          else if (one.kind === 'index') index(one.count);
          else {
            const id = writer.indexed().segments[one.at]?.id;
            if (id !== undefined) writer.putIndex(null, [id]);
          }
          total = written;
          expect(seen(null).lines).toEqual(upTo(total));
          const fresh = new StoreReader(folder);
          try {
            expect(seen(`n${n}`)).toEqual(seen(`n${n}`, fresh));
          } finally {
            fresh.close();
          }
        }
      }),
      { numRuns: 15 },
    );
    expect(damaged).toEqual([]);
  });
});

describe('a search during which retention deletes a day', () => {
  /** Days read from the newest on; each pause is a chance to delete the newest, as each is to hear a message. */
  it.each([0, 1, 2, 3, 4, 5, 6])('finds what is left, when it is in pause %i', async (at) => {
    commit(1100);
    const older = openWriter('2026-11-19');
    commit(1100, older);
    older.close();
    writer.close();
    let pauses = 0;
    const breath = async (): Promise<void> => {
      pauses += 1;
      if (pauses !== at + 1) return;
      store.forget(DAY);
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${dayPath(folder, DAY)}${suffix}`, { force: true });
    };
    const request = { method: 'search', query: 'line', limit: 2000, count: 'wait' } as const;
    const found = await answerCall<'search'>(
      searchTools(store),
      { ...request, start: undefined, end: undefined, cursor: undefined },
      { breath },
    );
    if (!found.ok) throw new Error(found.error.message.en);
    const numbers = found.value.events.map(({ raw }) => Number(/n(\d+)$/.exec(raw)?.[1]));
    const left = numbers.filter((n) => n >= 1100).toSorted((a, b) => a - b);
    expect(left).toEqual(upTo(2200).slice(1100));
    expect(pauses).toBeGreaterThan(at);
    writer = openWriter();
  });
});
