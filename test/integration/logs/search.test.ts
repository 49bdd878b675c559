import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventPayload } from '#shared/contract/index.ts';
import { callContext, openArea, type TestArea, tempFolder, until } from './helpers.ts';

const START = Date.UTC(2026, 10, 20);
const LEVELS = ['INFO', 'INFO', 'DEBUG', 'WARN', 'ERROR', 'FATAL'];

/** 20,000 lines over 40 hours, the word `rare` in three of them. */
function corpus(): string[] {
  return Array.from({ length: 20_000 }, (_, n) => {
    const time = new Date(START + n * 7200).toISOString();
    const rare = n % 7000 === 17 ? ' rare 罕见事件' : '';
    return `${time} ${LEVELS[n % 6]} line number ${n}${rare}`;
  });
}

describe('searching', () => {
  let folder: ReturnType<typeof tempFolder>;
  let area: TestArea;
  const file = (name: string): string => join(folder.dir, name);

  beforeEach(async () => {
    folder = tempFolder();
    area = openArea(folder.dir);
  });
  afterEach(async () => {
    await area.close();
    folder.remove();
  });
  const load = async (lines: readonly string[]): Promise<void> => {
    writeFileSync(file('a.log'), `${lines.join('\n')}\n`);
    await area.call('logs.sources.add', { path: file('a.log'), zone: 'UTC' });
    await area.call('logs.sync', {});
  };

  it('totals are exact, pages continue without gap or repetition, windows and levels count', async () => {
    const lines = corpus();
    await load(lines);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { events: { raw: string }[]; total: number; cursor: string | null } = await area.call(
        'logs.search',
        { limit: 777, query: 'level>=error', ...(cursor === null ? {} : { cursor }) },
      );
      expect(page.total).toBe(6666);
      seen.push(...page.events.map((event) => event.raw));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(lines.filter((_, n) => n % 6 >= 4).reverse());
    for (const query of ['rare', '罕见', '见事', 'rare AND level:info OR rare AND NOT level:info'])
      expect((await area.call('logs.count', { query })).total, query).toBe(3);
    const start = START + 1000 * 7200;
    const end = START + 1999 * 7200;
    expect((await area.call('logs.count', { start, end })).total).toBe(1000);
    expect((await area.call('logs.search', { start, end, query: 'level:warn', limit: 1 })).total).toBe(166);
  });

  it('the histogram agrees with counting, whatever its width', async () => {
    await load(corpus());
    for (const buckets of [1, 7, 60, 500]) {
      const found = await area.call('logs.histogram', { start: START, end: START + 20_000 * 7200, buckets });
      const sum = (level: 'error' | 'info'): number =>
        found.buckets.reduce((total, bucket) => total + (bucket.counts[level] ?? 0), 0);
      expect(sum('error')).toBe(3333);
      expect(sum('info')).toBe(6668);
      expect(found.buckets.length).toBeLessThanOrEqual(buckets + 1);
      for (const bucket of found.buckets) expect(bucket.time % found.bucketMs).toBe(0);
      const third = found.buckets[2];
      if (third === undefined) continue;
      const counted = await area.call('logs.count', {
        start: third.time,
        end: third.time + found.bucketMs - 1,
      });
      expect(Object.values(third.counts).reduce((total, n) => total + n, 0)).toBe(counted.total);
    }
  });

  it('context gives the lines around, over a rotation', async () => {
    await load(Array.from({ length: 600 }, (_, n) => `2026-11-20T10:00:00Z INFO first file ${n}`));
    renameSync(file('a.log'), file('a.log.1'));
    writeFileSync(
      file('a.log'),
      Array.from({ length: 10 }, (_, n) => `2026-11-21T10:00:00Z INFO second file ${n}\n`).join(''),
    );
    await area.call('logs.sync', {});
    const find = async (query: string): Promise<string> =>
      (await area.call('logs.search', { query, limit: 1 })).events[0]?.id ?? '';
    const around = async (query: string, before: number, after: number): Promise<string[]> =>
      (await area.call('logs.context', { id: await find(query), before, after })).events.map(
        (event) => event.message,
      );
    expect(await around('"first file 300"', 2, 2)).toEqual(
      [298, 299, 300, 301, 302].map((n) => `first file ${n}`),
    );
    expect(await around('"first file 599"', 1, 2)).toEqual([
      'first file 598',
      'first file 599',
      'second file 0',
      'second file 1',
    ]);
    expect(await around('"second file 0"', 2, 1)).toEqual([
      'first file 598',
      'first file 599',
      'second file 0',
      'second file 1',
    ]);
    expect(await around('"first file 0"', 5, 0)).toEqual(['first file 0']);
    const gone = area.call('logs.context', { id: '20261120-0000000000000000-1', before: 1, after: 1 });
    await expect(gone).rejects.toMatchObject({ appError: { code: 'NOT_FOUND' } });
  });

  it('escaped Chinese in JSON is found by what it says', async () => {
    await load([
      '{"ts":"2026-11-20T10:00:00Z","level":"error","msg":"\\u78c1\\u76d8\\u5df2\\u6ee1","size":1e3}',
    ]);
    for (const query of ['磁盘', '已满', 'size:1000', 'size>999', 'level:error'])
      expect((await area.call('logs.count', { query })).total, query).toBe(1);
  });

  it('a search is cancelled at once', async () => {
    await load(corpus());
    // The thread is running, as it is after the first search.
    await area.call('logs.count', {});
    const abort = new AbortController();
    // Needs every block: nothing in the index helps.
    const running = area.call('logs.search', { query: 'NOT zzz', limit: 10 }, { signal: abort.signal });
    abort.abort();
    const began = performance.now();
    await expect(running).rejects.toMatchObject({ appError: { code: 'CANCELLED' } });
    // The benchmark holds it to 100 ms; here other tests use the machine.
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('a broken cursor and a broken query are refused in words', async () => {
    await expect(area.call('logs.search', { cursor: 'nonsense' })).rejects.toMatchObject({
      appError: { code: 'LOG_CURSOR_INVALID' },
    });
    await expect(area.call('logs.search', { query: 'a AND' })).rejects.toMatchObject({
      appError: { code: 'LOG_QUERY_TERM' },
    });
    await expect(area.call('logs.tail.start', { query: '(' })).rejects.toMatchObject({
      appError: { code: 'LOG_QUERY_PARENTHESIS' },
    });
  });

  it('errors per hour has 24 buckets and the errors of this hour', async () => {
    const now = Date.now();
    await load([
      `${new Date(now).toISOString()} ERROR one`,
      `${new Date(now).toISOString()} FATAL two`,
      `${new Date(now - 25 * 3_600_000).toISOString()} ERROR yesterday`,
    ]);
    const hours = await area.area.errorsPerHour(now);
    expect(hours.length).toBe(24);
    expect(hours[23]).toEqual({ hour: Math.floor(now / 3_600_000) * 3_600_000, errors: 2 });
    expect(hours.slice(0, 23).reduce((sum, hour) => sum + hour.errors, 0)).toBe(0);
  });

  it('a live tail gets what is written and matches, counts what it leaves out, and ends with its connection', async () => {
    writeFileSync(file('a.log'), '');
    await area.call('logs.sources.add', { path: file('a.log'), zone: 'UTC' });
    await area.call('logs.sync', {});
    const heard: EventPayload<'logs.tail'>[] = [];
    const closed = new AbortController();
    const context = callContext((payload) => heard.push(payload), closed.signal);
    const { tailId } = await area.call('logs.tail.start', { query: 'level:error' }, context);
    const at = new Date().toISOString();
    appendFileSync(file('a.log'), `${at} INFO no\n${at} ERROR yes 磁盘\n`);
    await until('the line arrives', () => heard.length > 0);
    expect(heard[0]).toMatchObject({ tailId, skipped: 0 });
    expect(heard[0]?.events.map((event) => event.message)).toEqual(['yes 磁盘']);
    appendFileSync(file('a.log'), `${at} ERROR many\n`.repeat(5000));
    const sum = (): number => heard.reduce((total, one) => total + one.events.length + one.skipped, 0);
    await until('all are sent or counted', () => sum() === 5001);
    expect(heard.some((one) => one.skipped > 0)).toBe(true);
    expect(Math.max(...heard.map((one) => one.events.length))).toBeLessThanOrEqual(2000);
    closed.abort();
    appendFileSync(file('a.log'), `${at} ERROR after the end\n`);
    await area.call('logs.sync', {});
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(sum()).toBe(5001);
  });

  it('the test on a sample shows what lines would become, and stores nothing', async () => {
    writeFileSync(file('p.log'), '2026-11-22 10:00:00 ERROR boom\n\tat x\n');
    const shown = await area.call('logs.sources.test', { path: file('p.log'), zone: 'Asia/Shanghai' });
    expect(shown).toMatchObject({ files: [file('p.log')], format: 'time-level', total: 2, matched: 1 });
    expect(shown.lines).toMatchObject([
      { line: 1, matched: true, level: 'error', message: 'boom', time: Date.UTC(2026, 10, 22, 2) },
      { line: 2, matched: false, text: '\tat x', column: 1 },
    ]);
    expect(shown.lines[1]?.why?.zh).toBe('开头没有时间戳');
    const joined = await area.call('logs.sources.test', {
      text: '2026-11-22 10:00:00 ERROR boom\n\tat x\n',
      multiline: { kind: 'indent' },
    });
    expect(joined.lines).toMatchObject([{ line: 1, lines: 2, matched: true, level: 'error' }]);
    // Joining is what mends such lines; once they are joined nothing is left to be said.
    expect([shown.continued, joined.continued]).toEqual([1, 0]);
    expect((await area.call('logs.count', {})).total).toBe(0);
  });

  it('the test on a sample takes a path without files, and shows what does not match however late it comes', async () => {
    const none = await area.call('logs.sources.test', { path: file('later/*.log') });
    expect(none).toMatchObject({ files: [], lines: [], total: 0, matched: 0, continued: 0 });
    const stamped = Array.from({ length: 100 }, (_, n) => `2026-11-22 10:00:00 INFO line ${n}\n`).join('');
    const mixed = await area.call('logs.sources.test', {
      text: `${stamped}no time here\n\tat x\n`,
      format: 'time-level',
    });
    expect(mixed).toMatchObject({ total: 102, matched: 100, continued: 1 });
    expect(mixed.lines).toHaveLength(50);
    expect(mixed.lines.filter(({ matched }) => !matched).map(({ line }) => line)).toEqual([101, 102]);
    expect(mixed.lines[47]).toMatchObject({ line: 48, matched: true });
  });

  it('a source is changed in place, goes on where it stopped, and leaves its path to another', async () => {
    await load(['one', 'two']);
    const { sources } = await area.call('logs.sources.list', {});
    const id = sources[0]?.id ?? '';
    writeFileSync(file('b.log'), 'from b\n');
    await area.call('logs.sources.update', { id, path: file('b.log'), more: [file('a.log')], zone: 'UTC' });
    appendFileSync(file('a.log'), 'three\n');
    await area.call('logs.sync', {});
    expect((await area.call('logs.count', {})).total).toBe(4);
    expect((await area.call('logs.sources.list', {})).sources).toMatchObject([
      { id, path: file('b.log'), more: [file('a.log')] },
    ]);
    await expect(
      area.call('logs.sources.update', { id: 'src-none', path: file('a.log') }),
    ).rejects.toMatchObject({ appError: { code: 'NOT_FOUND' } });
    writeFileSync(file('c.log'), 'from c\n');
    const other = await area.call('logs.sources.add', { path: file('c.log') });
    await expect(
      area.call('logs.sources.update', { id: other.id, path: file('b.log') }),
    ).rejects.toMatchObject({
      appError: { code: 'LOG_SOURCE_EXISTS' },
    });
  });

  it('a source that is removed and added again goes on where it stopped', async () => {
    await load(['one', 'two']);
    const { sources } = await area.call('logs.sources.list', {});
    const id = sources[0]?.id ?? '';
    await area.call('logs.sources.remove', { id });
    appendFileSync(file('a.log'), 'three\n');
    expect((await area.call('logs.sources.add', { path: file('a.log'), zone: 'UTC' })).id).toBe(id);
    await area.call('logs.sync', {});
    expect((await area.call('logs.count', {})).total).toBe(3);
    await expect(area.call('logs.sources.remove', { id: 'nothing' })).rejects.toMatchObject({
      appError: { code: 'NOT_FOUND' },
    });
  });

  it('from the end: only what comes after, also after a restart', async () => {
    writeFileSync(file('e.log'), 'old one\nold two\nhalf ');
    await area.call('logs.sources.add', { path: file('e.log'), from: 'end' });
    await area.call('logs.sync', {});
    await area.close();
    appendFileSync(file('e.log'), 'line\nnew\n');
    area = openArea(folder.dir);
    await area.call('logs.sync', {});
    const page = await area.call('logs.search', {});
    expect(page.events.map((event) => event.raw).sort()).toEqual(['half line', 'new']);
  });
});
