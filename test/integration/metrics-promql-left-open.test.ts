import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPromqlAnswers, type PromqlAnswers } from '../../main/engine/promql/answers.ts';
import { createPromqlEngine } from '../../main/engine/promql/engine.ts';
import type { ApiData } from '../../main/engine/promql/results.ts';
import { differences } from '../helpers/compare-answers.ts';
import { storeSeries } from '../helpers/local-series.ts';
import { type Prometheus, startPrometheus } from '../helpers/prometheus.ts';
import { FLEET_END, FLEET_START, sampleFleet } from '../helpers/sample-fleet.ts';
import { folderOfFile } from '../helpers/temp-folder.ts';

/**
 * Prometheus 2.42 with a lookback and ranges that are 1 ms shorter selects what 3.x selects. RANGE and SUB stand for a
 * range that ends on a sample or a step at both ends; rate() and its like divide by the range, so they are not here.
 */
const QUERIES = [
  'node_load1',
  'node_sparse',
  'node_gone',
  'timestamp(node_sparse)',
  'count_over_time(node_load1[RANGE])',
  'sum_over_time(node_load1[RANGE])',
  'count_over_time(node_load1[RANGE] offset 1m)',
  'count_over_time(node_load1[RANGE] @ 1700006400)',
  'irate(http_requests_total[RANGE])',
  'deriv(node_load1[RANGE])',
  'last_over_time(node_sparse[RANGE])',
  'absent_over_time(node_sparse[RANGE])',
  'changes(node_wave[RANGE])',
  'count_over_time(node_load1[SUB:1m])',
  'sum_over_time(node_load1[SUB:15s])',
  'sum_over_time(count_over_time(node_load1[RANGE])[SUB:1m])',
  'count_over_time(vector(1)[SUB:30s] offset 1m)',
  'node_load1[RANGE]',
];
const RANGES = [
  ['15s', '14999ms'],
  ['1m', '59999ms'],
  ['5m', '299999ms'],
] as const;

let peer: Prometheus;
let open: PromqlAnswers;
let closed: PromqlAnswers;
let close: () => void;

beforeAll(async () => {
  peer = await startPrometheus(undefined, { moreFlags: ['--query.lookback-delta=299999ms'] });
  const fleet = sampleFleet();
  await peer.write(fleet);
  const local = await storeSeries(folderOfFile('promql-open'), fleet, 1_800_000);
  close = local.close;
  const deps = { source: local.store, monotonic: () => performance.now() };
  open = createPromqlAnswers(createPromqlEngine({ ...deps, leftOpen: () => true }));
  closed = createPromqlAnswers(createPromqlEngine(deps));
});

afterAll(async () => {
  close?.();
  await peer?.stop();
});

const filled = (query: string, range: string): string => query.replaceAll(/RANGE|SUB/g, range);

test('left-open ranges and lookback select what Prometheus 3 selects', async () => {
  const found: string[] = [];
  let changed = 0;
  for (const query of QUERIES)
    for (const [range, shorter] of RANGES)
      for (const time of [
        FLEET_START + 3_600_000,
        FLEET_START + 300_000,
        FLEET_END + 300_000,
        FLEET_START + 7_777,
      ]) {
        const params = { query: filled(query, shorter), time: String(time / 1000) };
        const theirs = await peer.api<ApiData>('/api/v1/query', params);
        const asked = filled(query, range);
        found.push(...differences(`${asked} @ ${time}`, theirs, await open.query(asked, time)));
        if (differences(asked, theirs, await closed.query(asked, time)).length > 0) changed++;
      }
  expect(found).toEqual([]);
  // Without the switch many of them differ, so the test can fail.
  expect(changed).toBeGreaterThan(30);
});

test('and over ranges of time, too', async () => {
  const found: string[] = [];
  for (const query of QUERIES.filter((one) => !one.endsWith(']')))
    for (const [range, shorter] of RANGES) {
      const times = { start: FLEET_START, end: FLEET_END + 600_000, stepMs: 60_000 };
      const theirs = await peer.api<ApiData>('/api/v1/query_range', {
        query: filled(query, shorter),
        start: String(times.start / 1000),
        end: String(times.end / 1000),
        step: '60',
      });
      const asked = filled(query, range);
      found.push(...differences(asked, theirs, await open.queryRange(asked, times)));
    }
  expect(found).toEqual([]);
});

test('rate() takes two samples to one interval no more', async () => {
  const time = FLEET_START + 3_600_000;
  expect(await closed.query('rate(http_requests_total[15s])', time)).not.toMatchObject({
    value: { result: [] },
  });
  expect(await open.query('rate(http_requests_total[15s])', time)).toMatchObject({ value: { result: [] } });
});
