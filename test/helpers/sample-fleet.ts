import type { RemoteSeries, SampleValue } from './remote-write.ts';

/** First time of the fleet's samples, their distance, and how many there are: two hours from 2023-11-14 23:00 UTC. */
export const FLEET_START = 1_700_002_800_000;
const FLEET_STEP = 15_000;
const FLEET_COUNT = 481;
export const FLEET_END = FLEET_START + (FLEET_COUNT - 1) * FLEET_STEP;

/** Numbers that look random and are the same in every run. */
function random(seed: number): (low: number, high: number, digits?: number) => number {
  let state = seed >>> 0 || 1;
  return (low, high, digits = 3) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const scale = 10 ** digits;
    return Math.round((low + ((high - low) * (state >>> 8)) / 2 ** 24) * scale) / scale;
  };
}

type ValueAt = (index: number) => SampleValue | null;

/**
 * Samples of two hosts as a query test wants them: counters with resets, gauges with NaN, both infinities and holes,
 * histograms good and odd, a target that is down for a while and scraped off the grid, staleness markers.
 */
export function sampleFleet(): readonly RemoteSeries[] {
  const series: RemoteSeries[] = [];
  const jitter = random(99);
  const jitters = Array.from({ length: FLEET_COUNT }, () => Math.round(jitter(-3, 3, 0)));
  const isDown = (index: number): boolean => index >= 120 && index < 168;

  const emit = (labels: Record<string, string>, valueAt: ValueAt, stopsWhenDown = true): void => {
    const off = labels.instance === 'b:9100';
    const samples: { time: number; value: SampleValue }[] = [];
    for (let i = 0; i < FLEET_COUNT; i++) {
      const down = off && stopsWhenDown && isDown(i);
      const value = down ? (i === 120 ? 'stale' : null) : valueAt(i);
      if (value === null) continue;
      const time = FLEET_START + i * FLEET_STEP + (off ? 7_123 + (jitters[i] ?? 0) : 0);
      samples.push({ time, value });
    }
    series.push({ labels, samples });
  };
  const counter = (seed: number, most: number, restartsAt: number, digits = 3): ValueAt => {
    const next = random(seed);
    let total = 0;
    const values = Array.from({ length: FLEET_COUNT }, (_, i) => {
      if (i === restartsAt) total = 0;
      total = Math.round((total + next(0, most, digits)) * 1000) / 1000;
      return total;
    });
    return (i) => values[i] ?? 0;
  };
  const walk = (seed: number, start: number, step: number, digits = 2): ValueAt => {
    const next = random(seed);
    let value = start;
    const values = Array.from({ length: FLEET_COUNT }, () => {
      value = Math.max(0, Math.round((value + next(-step, step, digits)) * 100) / 100);
      return value;
    });
    return (i) => values[i] ?? 0;
  };

  for (const [k, instance] of ['a:9100', 'b:9100'].entries()) {
    const host = { job: 'node', instance };
    const restart = k === 1 ? 240 : -1;
    emit({ __name__: 'up', ...host }, (i) => (k === 1 && isDown(i) ? 0 : 1), false);
    for (const cpu of ['0', '1'])
      for (const [m, mode] of ['idle', 'user', 'system', 'iowait'].entries())
        emit(
          { __name__: 'node_cpu_seconds_total', cpu, mode, ...host },
          counter(1000 + 100 * k + 10 * Number(cpu) + m, 13 / (m + 1), restart, 2),
        );
    emit({ __name__: 'node_load1', ...host }, walk(21 + k, 1.5 + k, 0.35));
    emit({ __name__: 'node_memory_MemTotal_bytes', ...host }, () => 16_777_216_000 * (k + 1));
    emit({ __name__: 'node_memory_MemAvailable_bytes', ...host }, walk(41 + k, 9e9, 5e7, 0));
    for (const [m, mountpoint] of ['/', '/data', '/run'].entries()) {
      const disk = { device: `/dev/sd${m}`, fstype: m === 2 ? 'tmpfs' : 'ext4', mountpoint, ...host };
      emit({ __name__: 'node_filesystem_avail_bytes', ...disk }, (i) => 5e10 / (m + 1) - i * 2.1e7 * (m + k));
      emit({ __name__: 'node_filesystem_size_bytes', ...disk }, () => 107_374_182_400 / (m + 1));
    }
    emit({ __name__: 'node_boot_time_seconds', ...host }, (i) =>
      i < 240 || k === 0 ? 1_699_000_000 : 1_700_006_395,
    );
    emit(
      { __name__: 'node_uname_info', nodename: k === 0 ? 'alpha' : 'beta', release: `6.${k}.0`, ...host },
      () => 1,
    );
    for (const [m, code] of ['200', '404', '500'].entries())
      emit(
        { __name__: 'http_requests_total', code, method: m === 1 ? 'post' : 'get', ...host },
        counter(200 + 10 * k + m, 40 >> m, restart, 0),
      );
    for (const handler of ['/', '/api'])
      emitHistogram(emit, { handler, ...host }, 300 + 10 * k + handler.length, restart);
  }
  emitOddities(emit, { job: 'node', instance: 'a:9100' });
  return series;
}

type Emit = (labels: Record<string, string>, valueAt: ValueAt) => void;

function emitHistogram(emit: Emit, labels: Record<string, string>, seed: number, restart: number): void {
  const bounds = ['0.05', '0.1', '0.25', '0.5', '1', '2.5', '+Inf'];
  const next = random(seed);
  const rows: { counts: number[]; sum: number }[] = [];
  let counts = bounds.map(() => 0);
  let sum = 0;
  for (let i = 0; i < FLEET_COUNT; i++) {
    if (i === restart) {
      counts = bounds.map(() => 0);
      sum = 0;
    }
    for (let n = next(0, 6, 0); n > 0; n--) {
      const seconds = next(0, 1.2, 4) ** 2;
      sum += seconds;
      counts = counts.map((count, b) =>
        seconds <= Number(bounds[b] === '+Inf' ? Infinity : bounds[b]) ? count + 1 : count,
      );
    }
    rows.push({ counts, sum: Math.round(sum * 1e6) / 1e6 });
  }
  const name = 'http_request_duration_seconds';
  for (const [b, le] of bounds.entries())
    emit({ __name__: `${name}_bucket`, le, ...labels }, (i) => rows[i]?.counts[b] ?? 0);
  emit({ __name__: `${name}_count`, ...labels }, (i) => rows[i]?.counts.at(-1) ?? 0);
  emit({ __name__: `${name}_sum`, ...labels }, (i) => rows[i]?.sum ?? 0);
}

function emitOddities(emit: Emit, host: Record<string, string>): void {
  const odd = new Map([
    [50, Number.NaN],
    [120, Number.POSITIVE_INFINITY],
    [200, Number.NEGATIVE_INFINITY],
    [260, Number.NaN],
    [300, Number.POSITIVE_INFINITY],
    [301, Number.NEGATIVE_INFINITY],
  ]);
  const next = random(7);
  const temperatures = Array.from({ length: FLEET_COUNT }, () => next(35, 70, 1));
  const temperature = { __name__: 'node_hwmon_temp_celsius', ...host };
  emit({ ...temperature, chip: 'cpu', sensor: 'temp1' }, (i) => odd.get(i) ?? temperatures[i] ?? 0);
  emit({ ...temperature, chip: 'cpu', sensor: 'temp2' }, () => Number.NaN);
  emit({ ...temperature, chip: 'board', sensor: 'temp1' }, (i) => 40 + (Math.floor(i / 20) % 3));
  const hole = (i: number): boolean => (i >= 60 && i < 72) || (i >= 100 && i < 124) || (i >= 300 && i < 420);
  emit({ __name__: 'node_disk_io_now', device: 'sda', ...host }, (i) => (hole(i) ? null : (i * 7) % 5));
  emit({ __name__: 'node_late', ...host }, (i) => (i >= 360 ? i - 360 : null));
  emit({ __name__: 'node_gone', ...host }, (i) => (i <= 200 ? i : i === 201 ? 'stale' : null));
  emit({ __name__: 'node_flapping', ...host }, (i) => (i % 40 < 25 ? i : i % 40 === 25 ? 'stale' : null));
  emit({ __name__: 'node_wave', phase: '0', ...host }, (i) => Math.round(Math.sin(i / 5) * 4) / 4);
  emit({ __name__: 'node_wave', phase: '1', ...host }, (i) => Math.round(Math.cos(i / 3) * 4) / 4);
  emit({ __name__: 'node_const_total', ...host }, () => 42);
  emit({ __name__: 'node_zero', ...host }, (i) => (i % 2 === 0 ? 0 : -0));
  emit({ __name__: 'node_resets_total', ...host }, (i) => 3 + (i % 40) * 2.5);
  emit({ __name__: 'node_sparse', ...host }, (i) => (i % 16 === 0 ? i : null));
  emit({ __name__: 'node_huge', ...host }, (i) => (i % 3 === 0 ? 1e308 : 1.5e308));
  emit({ __name__: 'node_tiny', ...host }, (i) => (i % 3) * 1e-9);
  emit({ __name__: 'node_text', path: 'C:\\dir\\"x"', uni: 'é漢', lines: 'l1\nl2', ...host }, () => 1.5);
  const histograms: Record<string, [string, number][]> = {
    falling: [
      ['1', 5],
      ['2', 4],
      ['3', 9],
      ['+Inf', 8],
    ],
    open: [
      ['1', 2],
      ['2', 4],
    ],
    negative: [
      ['-1', 1],
      ['0', 3],
      ['1', 4],
      ['+Inf', 4],
    ],
    empty: [
      ['1', 0],
      ['+Inf', 0],
    ],
    single: [['+Inf', 3]],
    broken: [
      ['x', 1],
      ['1', 2],
      ['+Inf', 4],
    ],
    twice: [
      ['1', 1],
      ['1.0', 2],
      ['2', 4],
      ['+Inf', 10],
    ],
  };
  for (const [shape, buckets] of Object.entries(histograms))
    for (const [le, count] of buckets) emit({ __name__: 'odd_bucket', shape, le, ...host }, () => count);
}
