import { describe, expect, it } from 'vitest';
import { countTier, worstFirst } from '../../../renderer/components/worst-first.ts';
import { hostCharts, hostMatchers } from '../../../renderer/pages/hosts/host-expressions.ts';
import { stripParts } from '../../../renderer/pages/hosts/state-strip.tsx';
import { fullestDisk, metricOf, newest, usedShare } from '../../../renderer/pages/overview/live-values.ts';
import { withJob } from '../../../renderer/stores/jobs.ts';
import type { Host, Target } from '../../../shared/contract/hosts.ts';
import { scrapeConfigSchema } from '../../../shared/contract/hosts.ts';
import type { Job } from '../../../shared/contract/jobs.ts';

const host = (name: string, change: Partial<Host>): Host => ({
  id: name,
  name,
  address: name,
  tier: 'business',
  labels: {},
  thisWorkstation: false,
  state: 'up',
  stateSince: 0,
  targets: 1,
  targetsUp: 1,
  lastSeenAt: null,
  lastError: null,
  ...change,
});

const target = (address: string, labels: Readonly<Record<string, string>> = {}): Target => ({
  id: address,
  hostId: 'h',
  url: `http://${address}/metrics`,
  config: scrapeConfigSchema.parse({ job: 'node', address, labels }),
  health: 'up',
  lastScrapeAt: null,
  lastDurationMs: null,
  lastSamples: null,
  lastError: null,
});

describe('the order of hosts', () => {
  it('is worst first, and a silent target is worse than none', () => {
    const hosts = [
      host('a', {}),
      host('b', { state: 'not_watched' }),
      host('c', { targets: 2 }),
      host('d', { state: 'down' }),
      host('e', { state: 'unreachable' }),
    ];
    expect(worstFirst(hosts).map(({ name }) => name)).toEqual(['d', 'e', 'b', 'c', 'a']);
  });

  it('counts a tier by state', () => {
    const hosts = [host('a', {}), host('b', { state: 'down' }), host('c', { tier: 'data' })];
    expect(countTier(hosts, 'business')).toEqual({
      up: 1,
      down: 1,
      unreachable: 0,
      not_watched: 0,
      total: 2,
    });
  });
});

describe('the state strip', () => {
  it('clips spans to the range and leaves out what lies beside it', () => {
    const parts = stripParts(
      [
        { state: 'down', from: 0, to: 50 },
        { state: 'up', from: 50, to: 150 },
        { state: 'not_watched', from: 150, to: null },
      ],
      100,
      200,
    );
    expect(parts.map(({ state, left, width }) => [state, left, width])).toEqual([
      ['up', 0, 0.5],
      ['not_watched', 0.5, 0.5],
    ]);
  });
});

describe('the series of a host', () => {
  it('are those of its targets, by instance', () => {
    expect(hostMatchers(host('a', {}), [target('a:9100')])).toBe('instance="a:9100"');
    expect(hostMatchers(host('a', {}), [target('a:9100', { instance: 'alpha' })])).toBe('instance="alpha"');
    expect(hostMatchers(host('a', {}), [target('a.b:1'), target('[::1]:2')])).toBe(
      'instance=~"a\\\\.b:1|\\\\[::1\\\\]:2"',
    );
  });

  it('are those of the console itself on this workstation', () => {
    expect(hostMatchers(host('a', { thisWorkstation: true }), [])).toBe('job="this-workstation"');
    expect(hostCharts(host('a', {}), [target('a:9100')])).toHaveLength(6);
  });
});

describe('live values', () => {
  it('are not older than three steps', () => {
    expect(newest([1, 2, null, null])).toBe(2);
    expect(newest([1, null, null, null])).toBeNull();
    expect(newest([])).toBeNull();
  });

  it('pick one metric out of an answer that holds several', () => {
    const series = [
      { labels: { __name__: 'a' }, values: [1] },
      { labels: { __name__: 'b' }, values: [2] },
    ];
    const columns = { times: [0], series, seriesOmitted: 0, tookMs: 0 };
    expect(metricOf(columns, 'b').map(({ values }) => values)).toEqual([[2]]);
    expect(metricOf(null, 'b')).toEqual([]);
    expect(usedShare([25, null, 5], [100, 100, 0])).toEqual([0.75, null, null]);
  });

  it('show the fullest disk that holds data', () => {
    const of = (values: readonly (readonly [string, string, number])[]) =>
      values.map(([mountpoint, fstype, value]) => ({
        labels: { mountpoint, fstype, device: 'd' },
        values: [value],
      }));
    const disk = fullestDisk(
      of([
        ['/', 'ext4', 50],
        ['/data', 'xfs', 10],
        ['/run', 'tmpfs', 0],
      ]),
      of([
        ['/', 'ext4', 100],
        ['/data', 'xfs', 100],
        ['/run', 'tmpfs', 100],
      ]),
    );
    expect(disk).toMatchObject({ mountpoint: '/data', availBytes: 10, sizeBytes: 100 });
    expect(disk?.used[0]).toBeCloseTo(0.9);
    expect(fullestDisk([], [])).toBeNull();
  });
});

describe('the list of jobs', () => {
  const job = (id: string, startedAt: number, state: Job['state'] = 'running'): Job => ({
    id,
    kind: 'backup',
    title: { zh: '', en: '' },
    state,
    startedAt,
    endedAt: null,
    progress: null,
    error: null,
    result: null,
    link: '',
    canPause: false,
  });

  it('replaces a known job in its place and puts a new one first', () => {
    const jobs = [job('b', 2), job('a', 1)];
    expect(withJob(jobs, job('a', 1, 'done')).map(({ id, state }) => `${id} ${state}`)).toEqual([
      'b running',
      'a done',
    ]);
    expect(withJob(jobs, job('c', 3)).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});
