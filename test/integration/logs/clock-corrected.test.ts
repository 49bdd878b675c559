import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LogEvent } from '#shared/contract/logs.ts';
import { hmtt, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

/** A host whose clock is 90 s ahead: its lines are shown where they belong, and stay as they were written. */

const MINUTE = 60_000;
const AHEAD = 90_000;

test('lines of a host that is 90 s ahead are moved, those of others are not, and nothing stored changes', async () => {
  const root = temporaryFolder('clock');
  const data = join(root, 'data');
  mkdirSync(join(root, 'logs'));
  // An hour ago, so that nothing of it lies in the future.
  const begin = Math.floor(Date.now() / MINUTE) * MINUTE - 60 * MINUTE;
  const seconds = Array.from({ length: 40 }, (_, index) => (begin - 10 * MINUTE + index * 30_000) / 1000);
  const series = (name: string, values: Record<string, number>): string =>
    [
      `# TYPE ${name} gauge`,
      ...Object.entries(values).flatMap(([host, value]) =>
        seconds.map((at) => `${name}{host="${host}"} ${value} ${at}`),
      ),
    ].join('\n');
  const metrics = join(root, 'clocks.om');
  writeFileSync(
    metrics,
    [
      series('hmtt_host_clock_offset_seconds', { ahead: 90, right: 0.01 }),
      series('hmtt_host_clock_error_seconds', { ahead: 0.02, right: 0.02 }),
      '# EOF\n',
    ].join('\n'),
  );
  const line = (at: number, text: string): string => `${new Date(at).toISOString()} ERROR ${text}\n`;
  const moments = [0, 1, 2].map((n) => begin + n * MINUTE + 10_000);
  writeFileSync(join(root, 'logs/ahead.log'), moments.map((at) => line(at + AHEAD, 'ahead says')).join(''));
  writeFileSync(join(root, 'logs/right.log'), moments.map((at) => line(at, 'right says')).join(''));
  const imported = await hmtt(data, 'import', 'openmetrics', metrics);
  expect(imported.stderr).not.toContain('error[');
  for (const host of ['ahead', 'right'])
    await hmtt(data, 'logs', 'add', '--path', join(root, `logs/${host}.log`), '--host', host);
  expect((await hmtt(data, 'logs', 'sync')).code).toBe(0);
  const engine = await startHeadlessEngine(data);
  try {
    const { events } = await engine.call('logs.search', { query: 'says', limit: 100 });
    expect(events).toHaveLength(6);
    const theirs = events.filter(({ host }) => host === 'ahead').toReversed();
    expect(theirs.map(({ time }) => time)).toEqual(moments.map((at) => at + AHEAD));
    expect(theirs.map(({ correctedTime }) => correctedTime)).toEqual(moments);
    expect(events.filter(({ host }) => host === 'right').map((one) => one.correctedTime)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const [first] = theirs;
    const own = await engine.call('logs.context', { id: first?.id ?? '', before: 5, after: 5 });
    expect(own.events.map(({ correctedTime }) => correctedTime)).toEqual(moments);
    // Among the lines of all logs they stand at their moments, and where they were written when that is wanted.
    const order = (lines: readonly LogEvent[]): number[][] =>
      lines.map(({ host, correctedTime, time }) => [
        host === 'ahead' ? 1 : 0,
        (correctedTime ?? time) - begin,
      ]);
    const [, second] = events.filter(({ host }) => host === 'right');
    const site = { id: second?.id ?? '', before: 5, after: 5, of: 'all' as const };
    const byMoment = order((await engine.call('logs.context', site)).events);
    expect(byMoment.map(([, at]) => at)).toEqual([10_000, 10_000, 70_000, 70_000, 130_000, 130_000]);
    expect(byMoment.filter(([ahead]) => ahead === 1)).toHaveLength(3);
    const asWritten = await engine.call('logs.context', { ...site, corrected: false });
    expect(order(asWritten.events).map(([, at]) => at)).toEqual([
      ...[10_000, 70_000, 100_000, 130_000, 160_000, 220_000],
    ]);
    const command = ['logs', 'search', '"right says"', '--to', String((begin + 15_000) / 1000)];
    const around = [...command, '--context', '1', '--context-of'];
    const printed = await hmtt(data, '--json', ...around, 'host');
    const [oldest] = events.toReversed().filter(({ host }) => host === 'right');
    expect(JSON.parse(printed.stdout)).toMatchObject({ total: 1, hits: [oldest?.id], unread: [] });
    const text = (await hmtt(data, ...around, 'all')).stdout;
    expect(text).toMatch(
      new RegExp(`^>  ${new Date(begin + 10_000).toISOString()}  right  .*right says$`, 'm'),
    );
    expect(text).toMatch(
      new RegExp(`^   ${new Date(begin + 10_000).toISOString()}  ahead  .*ahead says$`, 'm'),
    );
    const ofLog = (await hmtt(data, ...around, 'log')).stdout;
    expect(ofLog.trim().split('\n')).toEqual([0, 1].map((n) => line(moments[n] ?? 0, 'right says').trim()));
    expect((await hmtt(data, ...around, 'site')).code).toBe(2);
    const window = { start: begin, end: begin + 4 * MINUTE, buckets: 4, query: 'says' };
    const counts = async (corrected: boolean) => {
      const { buckets } = await engine.call('logs.histogram', { ...window, corrected });
      const found = new Map(buckets.map(({ time, counts: by }) => [time, by.error ?? 0]));
      return [0, 1, 2, 3].map((n) => found.get(begin + n * MINUTE) ?? 0);
    };
    expect(await counts(false)).toEqual([1, 2, 2, 1]);
    expect(await counts(true)).toEqual([2, 2, 2, 0]);
    // A live tail moves lines by the same offsets.
    const live: LogEvent[] = [];
    engine.client.on('logs.tail', (batch) => live.push(...batch.events));
    await engine.call('logs.tail.start', { query: 'again' });
    const late = begin + 5 * MINUTE;
    appendFileSync(join(root, 'logs/ahead.log'), line(late + AHEAD, 'ahead again'));
    appendFileSync(join(root, 'logs/right.log'), line(late, 'right again'));
    await expect.poll(() => live.length).toBe(2);
    expect(new Map(live.map(({ host, time, correctedTime }) => [host, [time, correctedTime]]))).toEqual(
      new Map([
        ['ahead', [late + AHEAD, late]],
        ['right', [late, undefined]],
      ]),
    );
    // What is exported is what was written.
    const written = await hmtt(data, 'logs', 'search', 'host:ahead', '--limit', '1');
    expect(written.stdout).not.toContain('corrected');
  } finally {
    engine.close();
    await engine.stop();
  }
});
