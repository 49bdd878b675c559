import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uncompress } from 'snappyjs';
import { afterEach, describe, expect, test } from 'vitest';
import { answered } from '../helpers/metrics-area.ts';
import { type Peer, startPeer, untilAnswers } from '../helpers/peer-process.ts';
import { freePort } from '../helpers/ports.ts';
import { openRemote, type RemoteBench, scrapeMany } from '../helpers/remote-bench.ts';
import { storedBits } from '../helpers/stored-bits.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';
import { addTimeSeries, protobufFields, type WrittenSeries } from '../helpers/write-receiver.ts';

const NOW = Date.UTC(2026, 10, 12, 6);

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function bench(folder: string, now = NOW): RemoteBench {
  const made = openRemote(folder, now);
  open.push(made.close);
  return made;
}

/** Starts Debian's Prometheus on a port and a folder, so that it can be away and come back. */
async function prometheus(port: number, folder: string): Promise<Peer> {
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'prometheus.yml'), 'global: {evaluation_interval: 1m}\n');
  const peer = await startPeer(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--storage.tsdb.retention.time=100y',
      '--log.level=warn',
    ],
    'prometheus',
  );
  open.push(peer.stop);
  await untilAnswers(`http://127.0.0.1:${port}/-/ready`, peer);
  return peer;
}

/** Everything that a Prometheus holds, bit by bit, through its remote read. */
async function heldByPrometheus(port: number): Promise<WrittenSeries> {
  // ReadRequest { Query { start, end, LabelMatcher { NEQ, "__name__", "" } } }
  const matcher = Buffer.from([0x08, 1, 0x12, 8, ...Buffer.from('__name__'), 0x1a, 0]);
  const end = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
  const query = Buffer.concat([
    Buffer.from([0x08, 0, 0x10]),
    end,
    Buffer.from([0x1a, matcher.length]),
    matcher,
  ]);
  const message = Buffer.concat([Buffer.from([0x0a, query.length]), query]);
  const literal = Buffer.concat([Buffer.from([message.length, (message.length - 1) << 2]), message]);
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/read`, {
    method: 'POST',
    headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' },
    body: literal,
  });
  if (!response.ok) throw new Error(await response.text());
  const held: WrittenSeries = new Map();
  const answer = Buffer.from(uncompress(await response.arrayBuffer()) as ArrayBuffer);
  for (const result of protobufFields(answer))
    for (const series of protobufFields(result.value as Buffer)) addTimeSeries(series.value as Buffer, held);
  return held;
}

function expectSame(held: WrittenSeries, stored: WrittenSeries): void {
  expect([...held.keys()].sort()).toEqual([...stored.keys()].sort());
  // Remote read leaves a zero out of its messages whatever its sign.
  const unsigned = (samples: readonly string[] = []) =>
    samples.map((sample) => sample.replace(/ 8000000000000000$/, ' 0'));
  for (const [series, samples] of stored)
    expect(unsigned(held.get(series)).join('\n') === unsigned(samples).join('\n'), series).toBe(true);
}

/** Hours of a fleet in which values of every kind occur, and series come and go. */
async function liveThrough(b: RemoteBench, hours: number): Promise<void> {
  const odd = b.metrics.target({ labels: { job: 'odd', instance: '主机:1' } });
  for (let hour = 0; hour < hours; hour++) {
    for (let part = 0; part < 6; part++) {
      const gone = part % 3 === 0 ? '' : `comes_and_goes{part="${part % 2}"} ${hour}\n`;
      odd.succeed(answered(b.metrics.now - 1, `a NaN\nb +Inf\nc -Inf\nd -0\ne ${hour / 3}\n${gone}`));
      if (part === 5) odd.fail({ time: b.metrics.now + 1, durationSeconds: 1 });
      scrapeMany(b, 10, 20, 60_000);
    }
    await b.metrics.area.maintain();
  }
}

describe('the real Prometheus', () => {
  test('has every bit of what is stored, staleness markers too', async () => {
    const port = await freePort();
    await prometheus(port, temporaryFolder('prometheus'));
    const b = bench(temporaryFolder());
    b.add(`http://127.0.0.1:${port}/api/v1/write`);
    await liveThrough(b, 3);
    await b.drained();
    expect(b.state()).toMatchObject({ samplesRefused: 0, samplesGivenUp: 0, requestsFailed: 0 });
    expectSame(await heldByPrometheus(port), storedBits(b.metrics));
  });

  test('gets two days at once after it was away, everything once', async () => {
    const port = await freePort();
    const [folder, data] = [temporaryFolder('prometheus'), temporaryFolder()];
    let peer = await prometheus(port, folder);
    const b = openRemote(data, NOW);
    b.add(`http://127.0.0.1:${port}/api/v1/write`, { maxSamples: 2_000 });
    await liveThrough(b, 1);
    await b.drained();
    process.kill(peer.pid, 'SIGKILL');
    await peer.stop();
    await liveThrough(b, 24);
    // The console itself goes away and comes back too.
    const { now } = b.metrics;
    await b.close();
    const again = bench(data, now);
    await liveThrough(again, 24);
    const waiting = again.state().backlogSamples;
    expect(waiting).toBeGreaterThan(48 * 60 * 20);
    peer = await prometheus(port, folder);
    await again.drained(60_000);
    expect(again.state()).toMatchObject({ samplesRefused: 0, samplesGivenUp: 0 });
    expectSame(await heldByPrometheus(port), storedBits(again.metrics));
  });
});

describe('the real VictoriaMetrics', () => {
  test('has every number of what is stored', async () => {
    const port = await freePort();
    const peer = await startPeer(
      'victoria-metrics',
      [
        `-storageDataPath=${temporaryFolder('victoria')}`,
        `-httpListenAddr=127.0.0.1:${port}`,
        '-retentionPeriod=100y',
        '-loggerLevel=ERROR',
      ],
      'victoria-metrics',
    );
    open.push(peer.stop);
    const base = `http://127.0.0.1:${port}`;
    await untilAnswers(`${base}/health`, peer);
    const b = bench(temporaryFolder());
    b.add(`${base}/api/v1/write`, { maxSamples: 1_000 });
    await liveThrough(b, 3);
    await b.drained();
    expect(b.state()).toMatchObject({ samplesRefused: 0, samplesGivenUp: 0, requestsFailed: 0 });
    await fetch(`${base}/internal/force_flush`);
    const exported = await fetch(`${base}/api/v1/export?match[]={__name__!=""}&start=${NOW / 1000 - 60}`);
    const held = new Map<string, Map<number, number>>();
    for (const line of (await exported.text()).trim().split('\n')) {
      // This version writes +Inf and NaN as they are, which is not JSON.
      const series = JSON.parse(line.replace(/([[,])([+-]Inf|NaN)/g, '$1null')) as {
        metric: Record<string, string>;
        values: (number | null)[];
        timestamps: number[];
      };
      const key = Object.entries(series.metric)
        .map(([name, value]) => `${name}=${value}`)
        .sort()
        .join(',');
      const samples = new Map<number, number>();
      for (const [i, time] of series.timestamps.entries()) {
        expect(samples.has(time)).toBe(false);
        const value = series.values[i];
        if (typeof value === 'number') samples.set(time, value);
      }
      held.set(key, samples);
    }
    const stored = storedBits(b.metrics);
    expect(held.size).toBe(stored.size);
    // It keeps decimal numbers of about 12 digits, and neither NaN nor what stands beside infinity in a block.
    for (const [series, samples] of stored) {
      if (/__name__=[abc],/.test(series)) continue;
      const there = held.get(series.split(',').sort().join(',')) ?? new Map<number, number>();
      const numbers = samples
        .map((sample) => sample.split(' '))
        .filter(([, bits]) => bits !== '7ff0000000000002')
        .map(([time = '', bits = '']) => [Number(time), toNumber(bits)] as const);
      expect(there.size, series).toBe(numbers.length);
      const wrong = numbers.filter(
        ([time, value]) => !(Math.abs((there.get(time) ?? Number.NaN) - value) <= Math.abs(value) * 1e-9),
      );
      expect(wrong, series).toEqual([]);
    }
  });
});

function toNumber(bits: string): number {
  const view = Buffer.alloc(8);
  view.writeBigUInt64BE(BigInt(`0x${bits}`));
  return view.readDoubleBE();
}
