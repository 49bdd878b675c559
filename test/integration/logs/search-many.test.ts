import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventPayload } from '#shared/contract/index.ts';
import { logSeries } from '../../../main/engine/log-series.ts';
import { openArea, type TestArea, tempFolder, until } from './helpers.ts';

const START = Date.parse('2026-11-20T00:00:00Z');
const LINES = 30_000;
const HOSTS = ['app-1', 'app-2', 'app-3'];

/** What line `n` says; over three days, so that searches go through several files and both threads. */
function line(n: number): string {
  const level = ['info', 'info', 'info', 'warn', 'error'][n % 5];
  const message =
    n % 5 === 4
      ? `=cmd order ${n} refused: 库存不足`
      : `user u${n % 7} logged in from 10.0.0.${n % 250} after ${n % 100} ms`;
  return JSON.stringify({
    time: new Date(START + n * 8_000).toISOString(),
    level,
    message,
    took: n % 100,
    node: HOSTS[n % 3],
    request: `r-${n}`,
  });
}

describe('asking many events at once', () => {
  const folder = tempFolder();
  const file = (name: string): string => join(folder.dir, name);
  let area: TestArea;

  beforeAll(async () => {
    area = openArea(folder.dir);
    writeFileSync(file('a.log'), Array.from({ length: LINES }, (_, n) => `${line(n)}\n`).join(''));
    await area.call('logs.sources.add', { path: file('a.log'), zone: 'UTC', name: 'orders' });
    await area.call('logs.sync', {});
  });
  afterAll(async () => {
    await area.close();
    folder.remove();
  });

  const exported = async (input: Parameters<TestArea['call']>[1] & object): Promise<string> => {
    const name = file(`export-${Math.random()}`);
    const { jobId } = await area.call('logs.export', { ...input, file: name } as never);
    const job = await area.jobs.ended(jobId);
    expect(job.error).toBeNull();
    expect(job.result).toMatchObject({ kind: 'file' });
    return readFileSync(name, 'utf8');
  };

  it('a page need not wait for the count; the count says how far it is', async () => {
    const told: EventPayload<'logs.progress'>[] = [];
    const page = await area.call('logs.search', { query: '', limit: 10, count: 'later' });
    expect(page).toMatchObject({ exact: false });
    expect(page.total).toBeLessThan(LINES);
    expect(page.events[0]?.raw).toBe(line(LINES - 1));
    const next = await area.call('logs.search', { count: 'later', limit: 10, cursor: page.cursor ?? '' });
    expect(next.events[0]?.raw).toBe(line(LINES - 11));
    const waited = await area.call('logs.search', { query: '', limit: 10 });
    expect(waited).toMatchObject({ exact: true, total: LINES });
    const emit = (event: string, payload: unknown): void => {
      if (event === 'logs.progress') told.push(payload as EventPayload<'logs.progress'>);
    };
    const counted = await area.call(
      'logs.count',
      { query: 'NOT (/r-[0-9]{3}x/ OR nothing)', searchId: 's' },
      { emit: emit as never },
    );
    expect(counted.total).toBe(LINES);
    for (const { searchId, found, share } of told) {
      expect(searchId).toBe('s');
      expect(found).toBeLessThanOrEqual(LINES);
      expect(share).toBeLessThanOrEqual(1);
    }
  });

  it('expressions, fields and words count the same over both threads as line by line', async () => {
    const all = Array.from({ length: LINES }, (_, n) => line(n));
    const count = async (query: string): Promise<number> => (await area.call('logs.count', { query })).total;
    expect(await count('/"took":9[0-9]/')).toBe(all.filter((one) => /"took":9[0-9]/.test(one)).length);
    expect(await count('/R-1\\d{3}"/i -level:error')).toBe(800);
    expect(await count('took>=90 node:app-1')).toBe(
      all.filter((_, n) => n % 100 >= 90 && n % 3 === 0).length,
    );
    expect(await count('库存 request:/^r-2.{3}$/')).toBe(200);
    expect(await count('level:(warn OR error)')).toBe(LINES * 0.4);
  });

  it('statistics of fields are those of all matches', async () => {
    const { events, fields } = await area.call('logs.fields', { query: 'level:error', top: 3 });
    expect(events).toBe(LINES / 5);
    const named = Object.fromEntries(fields.map((field) => [field.name, field]));
    expect(named.level?.top).toEqual([{ value: 'error', count: LINES / 5 }]);
    expect(named.node).toMatchObject({ distinct: 3, exact: true, count: LINES / 5 });
    expect(named.took?.numbers).toMatchObject({ count: LINES / 5, min: 4, max: 99 });
    const { mean = 0, p50 = 0 } = named.took?.numbers ?? {};
    expect(mean).toBeCloseTo(51.5, 5);
    expect(Math.abs(p50 - 49)).toBeLessThan(6);
    expect(named.request?.exact).toBe(false);
    expect(Math.abs((named.request?.distinct ?? 0) - LINES / 5)).toBeLessThan(LINES / 50);
    const quick = await area.call('logs.fields', { fields: ['level'], top: 10 });
    expect(quick.fields[0]?.top[0]).toEqual({ value: 'info', count: LINES * 0.6 });
  });

  it('lines that say the same make one pattern, whatever varies in them', async () => {
    const { events, patterns } = await area.call('logs.patterns', {});
    expect(events).toBe(LINES);
    expect(patterns.map(({ template, count }) => [template, count])).toEqual([
      [expect.stringContaining('logged in from <ip> after <num> ms'), LINES * 0.8],
      [expect.stringContaining('order <num> refused: 库存不足'), LINES / 5],
    ]);
    const [, refused] = patterns;
    expect(refused?.counts).toEqual({ error: LINES / 5 });
    expect(refused?.spark.reduce((sum, n) => sum + n, 0)).toBe(LINES / 5);
    expect((await area.call('logs.count', { query: refused?.query ?? '' })).total).toBe(LINES / 5);
  });

  it('exports are complete, in order, and safe to open', async () => {
    const lines = (await exported({ query: 'level:error', format: 'ndjson' })).trimEnd().split('\n');
    expect(lines.length).toBe(LINES / 5);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ raw: line(LINES - 1), level: 'error' });
    const oldest = await exported({ query: 'level:error', format: 'text', order: 'oldest' });
    const wanted = Array.from({ length: LINES }, (_, n) => n).filter((n) => n % 5 === 4);
    expect(oldest).toBe(wanted.map((n) => `${line(n)}\n`).join(''));
    const csv = await exported({ query: '"r-9"', format: 'csv' });
    const [row] = parse(csv, { columns: true, bom: true }) as Record<string, string>[];
    expect(row).toMatchObject({ message: "'=cmd order 9 refused: 库存不足", raw: line(9) });
    const around = await exported({ query: '"r-100" OR "r-102"', format: 'text', before: 1, after: 1 });
    // Lines that surround both hits are written once.
    expect(
      around
        .split('\n')
        .filter((one) => one !== '' && one !== '--')
        .sort(),
    ).toEqual([99, 100, 101, 102, 103].map(line).sort());
    writeFileSync(file('taken'), 'x');
    await expect(area.call('logs.export', { file: file('taken') })).rejects.toMatchObject({
      appError: { code: 'LOG_EXPORT_EXISTS' },
    });
    await expect(area.call('logs.export', { file: 'relative' })).rejects.toMatchObject({
      appError: { code: 'LOG_EXPORT_PATH' },
    });
    const { jobId } = await area.call('logs.export', { file: join(folder.dir, 'no-such-folder', 'x') });
    expect((await area.jobs.ended(jobId)).state).toBe('failed');
    const cancelled = await area.call('logs.export', { file: file('cancelled') });
    area.jobs.cancel(cancelled.jobId);
    expect((await area.jobs.ended(cancelled.jobId)).state).toBe('cancelled');
    expect(existsSync(file('cancelled'))).toBe(false);
  });

  it('saved searches keep their names, refuse what cannot be parsed, and are counted as lines arrive', async () => {
    const saved = await area.call('logs.saved.save', { name: '拒单', query: 'refused', counted: true });
    await expect(area.call('logs.saved.save', { name: '拒单', query: 'x' })).rejects.toMatchObject({
      appError: { code: 'LOG_SAVED_NAME' },
    });
    await expect(area.call('logs.saved.save', { name: 'broken', query: '(' })).rejects.toMatchObject({
      appError: { code: 'LOG_QUERY_PARENTHESIS' },
    });
    expect(logSeries(area.area)).toContain('hmtt_log_matches_total{query="拒单"} 0\n');
    const before = await area.call('logs.patterns', {});
    expect(before.rememberedSince).not.toBeNull();
    appendFileSync(file('a.log'), `${line(LINES + 4)}\n${line(LINES)}\n`);
    appendFileSync(
      file('a.log'),
      `${JSON.stringify({ level: 'error', message: 'a thing that never happened' })}\n`,
    );
    await area.call('logs.sync', {});
    await until('the match is counted', () =>
      logSeries(area.area).includes('hmtt_log_matches_total{query="拒单"} 1\n'),
    );
    await until('the new pattern is remembered', async () =>
      (await area.call('logs.patterns', { newSince: before.rememberedSince ?? 0 })).patterns.some(
        ({ template }) => template === 'a thing that never happened',
      ),
    );
    expect(logSeries(area.area)).toMatch(/hmtt_log_new_patterns_total\{source="orders"\} [1-9]/);
    expect((await area.call('logs.completion', { kind: 'saved' })).values).toEqual([
      { value: '拒单', count: 0 },
    ]);
    expect((await area.call('logs.completion', { kind: 'field', prefix: 'to' })).values[0]?.value).toBe(
      'took',
    );
    await area.call('logs.saved.remove', { id: saved.id });
    expect((await area.call('logs.saved.list', {})).searches).toEqual([]);
  });
});
