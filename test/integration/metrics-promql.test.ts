import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPromqlAnswers, type PromqlAnswers } from '../../main/engine/promql/answers.ts';
import { createPromqlEngine } from '../../main/engine/promql/engine.ts';
import type { ApiData } from '../../main/engine/promql/results.ts';
import { differences } from '../helpers/compare-answers.ts';
import { storeSeries } from '../helpers/local-series.ts';
import { type ApiAnswer, type Prometheus, startPrometheus } from '../helpers/prometheus.ts';
import { FLEET_END, FLEET_START, sampleFleet } from '../helpers/sample-fleet.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const QUERIES = readFileSync(new URL('../fixtures/promql/queries.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'));

/** Times at which instants are asked: on the grid, off it, while a target is down, before and after everything. */
const INSTANTS = [
  FLEET_START + 3_600_000,
  FLEET_START + 2_003_456,
  FLEET_END - 7,
  FLEET_START + 60_000,
  FLEET_END + 290_000,
  FLEET_START - 1,
];

const RANGES = [
  { start: FLEET_START, end: FLEET_END, stepMs: 60_000 },
  { start: FLEET_START + 1_234, end: FLEET_END + 400_000, stepMs: 97_001 },
  { start: FLEET_START + 1_800_000, end: FLEET_START + 1_890_000, stepMs: 15_000 },
];

let peer: Prometheus;
let answers: PromqlAnswers;
let close: () => void;

beforeAll(async () => {
  peer = await startPrometheus();
  const fleet = sampleFleet();
  await peer.write(fleet);
  const folder = temporaryFolder('promql');
  const local = await storeSeries(folder, fleet, 1_800_000);
  expect(local.partitions).toBeGreaterThan(1);
  close = local.close;
  answers = createPromqlAnswers(
    createPromqlEngine({ source: local.store, monotonic: () => performance.now() }),
  );
}, 120_000);

afterAll(async () => {
  close?.();
  await peer?.stop();
});

describe('PromQL answers as Prometheus 2.42', () => {
  test(`${QUERIES.length} expressions at ${INSTANTS.length} times`, async () => {
    const found: string[] = [];
    for (const query of QUERIES)
      for (const time of INSTANTS) {
        const theirs = await peer.api<ApiData>('/api/v1/query', { query, time: String(time / 1000) });
        const ours = await answers.query(query, time);
        found.push(...differences(`${query} @ ${time - FLEET_START}`, theirs as ApiAnswer<ApiData>, ours));
      }
    expect(found).toEqual([]);
  });

  test(`${QUERIES.length} expressions over ${RANGES.length} ranges`, async () => {
    const found: string[] = [];
    for (const query of QUERIES)
      for (const range of RANGES) {
        const theirs = await peer.api<ApiData>('/api/v1/query_range', {
          query,
          start: String(range.start / 1000),
          end: String(range.end / 1000),
          step: String(range.stepMs / 1000),
        });
        const ours = await answers.queryRange(query, range);
        found.push(...differences(`${query} / ${range.stepMs}`, theirs as ApiAnswer<ApiData>, ours));
      }
    expect(found).toEqual([]);
  });
});
