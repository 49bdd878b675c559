import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRemote, scrapeMany } from '../../helpers/remote-bench.ts';
import { sender as bench, NOW, receiver } from '../../helpers/remote-senders.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { takenSamples } from '../../helpers/write-receiver.ts';

/** Has a server answer that it is not available. @returns what ends that */
function away(server: Awaited<ReturnType<typeof receiver>>): () => void {
  server.judge = (response) => {
    response.writeHead(503);
    response.end();
    return false;
  };
  return () => {
    server.judge = () => true;
  };
}

describe('a server that is away', () => {
  test('for long: the head drops its rows, everything waits in segments, and arrives once and in order', async () => {
    const server = await receiver();
    const folder = temporaryFolder();
    const b = bench(folder);
    const comeBack = away(server);
    b.add(server.url, { maxSamples: 500 });
    for (let hour = 0; hour < 12; hour++) {
      scrapeMany(b, 60, 10, 60_000);
      await b.metrics.area.maintain();
    }
    const samples = 12 * 60 * 16;
    expect(b.state().backlogSamples).toBe(samples);
    expect(b.remote.status().queueBytes).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'remote', 'queue')).length).toBeGreaterThan(2);
    comeBack();
    await b.drained();
    expect(takenSamples(server)).toBe(samples);
    expect(b.state()).toMatchObject({ samplesRefused: 0, samplesGivenUp: 0, samplesSent: samples });
    expect(server.taken.get('__name__=requests_total,instance=host:1,job=test')).toHaveLength(12 * 60);
    await b.until(() => readdirSync(join(folder, 'remote', 'queue')).length === 0);
  });

  test('across a restart in the middle', async () => {
    const server = await receiver();
    const folder = temporaryFolder();
    // Full requests alone, as a slow machine sends them, are sixteen.
    let left = 10;
    server.judge = (response) => {
      if (left-- > 0) return true;
      response.writeHead(503);
      response.end();
      return false;
    };
    const first = openRemote(folder, NOW);
    first.add(server.url, { maxSamples: 300 });
    for (let hour = 0; hour < 8; hour++) {
      scrapeMany(first, 60, 4, 60_000);
      await first.metrics.area.maintain();
    }
    await first.until(() => left < 0);
    const { now } = first.metrics;
    await first.close();
    left = Number.POSITIVE_INFINITY;
    const second = bench(folder, now);
    scrapeMany(second, 10, 4);
    await second.drained();
    expect(takenSamples(server)).toBe((8 * 60 + 10) * 10);
    expect(second.state()).toMatchObject({ samplesRefused: 0, samplesGivenUp: 0 });
  });

  test('beyond the bound: the oldest are given up, counted and told', async () => {
    const server = await receiver();
    const folder = temporaryFolder();
    const b = bench(folder);
    const comeBack = away(server);
    b.add(server.url);
    await b.remote.handlers['remote.setLimits'](
      { maxBytes: 1 << 40, maxAgeMs: 3 * 3_600_000 },
      { signal: new AbortController().signal, closed: new AbortController().signal, emit: () => undefined },
    );
    for (let hour = 0; hour < 12; hour++) {
      scrapeMany(b, 60, 10, 60_000);
      await b.metrics.area.maintain();
    }
    const state = b.state();
    expect(state.samplesGivenUp).toBeGreaterThan(0);
    expect(state.backlogSamples).toBe(12 * 60 * 16 - state.samplesGivenUp);
    expect(b.remote.problems().map(({ code }) => code)).toContain('REMOTE_GAVE_UP');
    comeBack();
    await b.drained();
    expect(takenSamples(server)).toBe(12 * 60 * 16 - state.samplesGivenUp);
    expect(b.state().samplesRefused).toBe(0);
  });

  test('a second endpoint gets everything although the first keeps up', async () => {
    const [fast, slow] = [await receiver(), await receiver()];
    const b = bench();
    let away = true;
    slow.judge = (response) => {
      if (!away) return true;
      response.writeHead(503);
      response.end();
      return false;
    };
    b.add(fast.url);
    const id = b.add(slow.url);
    for (let hour = 0; hour < 8; hour++) {
      scrapeMany(b, 60, 2, 60_000);
      await b.until(() => b.state().backlogSamples === 0);
      await b.metrics.area.maintain();
    }
    away = false;
    await b.drained();
    expect(takenSamples(fast)).toBe(8 * 60 * 8);
    expect([...slow.taken].sort()).toEqual([...fast.taken].sort());
    expect(b.state(id).samplesGivenUp).toBe(0);
  });

  test('a clock that is set back loses nothing', async () => {
    const server = await receiver();
    const b = bench();
    const comeBack = away(server);
    b.add(server.url);
    scrapeMany(b, 100, 3);
    b.metrics.now = NOW - 30 * 86_400_000;
    scrapeMany(b, 100, 3);
    expect(b.state().backlogSamples).toBe(200 * 9);
    comeBack();
    await b.drained();
    // The receiver refuses what is older than it has, as any does; nothing of it was lost on the way.
    const { samplesSent, samplesRefused } = b.state();
    expect(samplesSent + samplesRefused).toBe(200 * 9);
  });

  test('a damaged segment is set aside and told; the rest arrives', async () => {
    const server = await receiver();
    const folder = temporaryFolder();
    const comeBack = away(server);
    const first = openRemote(folder, NOW);
    first.add(server.url);
    for (let hour = 0; hour < 8; hour++) {
      scrapeMany(first, 60, 4, 60_000);
      await first.metrics.area.maintain();
    }
    const { now } = first.metrics;
    await first.close();
    const queue = join(folder, 'remote', 'queue');
    const [name = ''] = readdirSync(queue).sort().slice(1);
    mkdirSync(queue, { recursive: true });
    writeFileSync(join(queue, name), '{"version":1}\nnothing');
    comeBack();
    const second = bench(folder, now);
    await second.drained();
    expect(second.remote.problems().map(({ code }) => code)).toContain('REMOTE_QUEUE_DAMAGED');
    const sent = takenSamples(server);
    expect(sent).toBeGreaterThan(8 * 60 * 10 * 0.6);
    expect(sent).toBeLessThan(8 * 60 * 10);
    expect(second.state().samplesRefused).toBe(0);
  });

  test('a queue that cannot be written keeps what waits in the head file, and says so', async () => {
    const server = await receiver();
    const folder = temporaryFolder();
    const b = bench(folder);
    const comeBack = away(server);
    b.add(server.url);
    const queue = join(folder, 'remote', 'queue');
    // A folder that is no folder fails for every user, also for one who may write anywhere.
    rmSync(queue, { recursive: true });
    writeFileSync(queue, '');
    for (let hour = 0; hour < 6; hour++) {
      scrapeMany(b, 60, 10, 60_000);
      await b.metrics.area.maintain();
    }
    expect(b.remote.problems().map(({ code }) => code)).toContain('REMOTE_QUEUE_FAILED');
    expect(b.state()).toMatchObject({ backlogSamples: 6 * 60 * 16, samplesGivenUp: 0 });
    rmSync(queue);
    mkdirSync(queue);
    scrapeMany(b, 60, 10, 60_000);
    await b.metrics.area.maintain();
    expect(b.remote.problems().map(({ code }) => code)).not.toContain('REMOTE_QUEUE_FAILED');
    comeBack();
    await b.drained();
    expect(takenSamples(server)).toBe(7 * 60 * 16);
  });
});
