import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '#shared/errors/index.ts';
import { createPromqlAnswers, type PromqlAnswers } from '../../main/engine/promql/answers.ts';
import { typeOf } from '../../main/engine/promql/check.ts';
import { createPromqlEngine } from '../../main/engine/promql/engine.ts';
import { parseExpression } from '../../main/engine/promql/parser.ts';
import type { ApiData } from '../../main/engine/promql/results.ts';
import { FEATURES, featuresOf } from '../conformance/promql/features.ts';
import { differences } from '../helpers/compare-answers.ts';
import { storeSeries } from '../helpers/local-series.ts';
import { type ApiAnswer, type Prometheus, startPrometheus } from '../helpers/prometheus.ts';
import { FLEET_END, FLEET_START, sampleFleet } from '../helpers/sample-fleet.ts';
import { folderOfFile } from '../helpers/temp-folder.ts';

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
  const folder = folderOfFile('promql');
  const local = await storeSeries(folder, fleet, 1_800_000);
  expect(local.partitions).toBeGreaterThan(1);
  close = local.close;
  answers = createPromqlAnswers(
    createPromqlEngine({ source: local.store, monotonic: () => performance.now() }),
  );
});

afterAll(async () => {
  close?.();
  await peer?.stop();
});

/** Works on all items, a few at a time, since most of the time goes by waiting for Prometheus. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}

/** Notes what of the language an expression uses whose answer is not empty. */
function note(used: Set<string>, query: string, answer: Result<ApiData>): void {
  if (!answer.ok) return;
  const { resultType, result } = answer.value;
  if ((resultType === 'vector' || resultType === 'matrix') && result.length === 0) return;
  for (const feature of featuresOf(parseExpression(query), typeOf)) used.add(feature);
}

const unused = (used: ReadonlySet<string>): readonly string[] =>
  FEATURES.filter((feature) => !used.has(feature));

describe('PromQL answers as Prometheus 2.42', () => {
  test('there are at least 600 cases, each once', () => {
    expect(QUERIES.length).toBeGreaterThanOrEqual(600);
    expect(QUERIES.filter((query, i) => QUERIES.indexOf(query) !== i)).toEqual([]);
  });

  test(`${QUERIES.length} expressions at ${INSTANTS.length} times, with all of the language`, async () => {
    const found: string[] = [];
    const used = new Set<string>();
    await inParallel(QUERIES, async (query) => {
      for (const time of INSTANTS) {
        const theirs = await peer.api<ApiData>('/api/v1/query', { query, time: String(time / 1000) });
        const ours = await answers.query(query, time);
        note(used, query, ours);
        found.push(...differences(`${query} @ ${time - FLEET_START}`, theirs as ApiAnswer<ApiData>, ours));
      }
    });
    expect(found).toEqual([]);
    expect(unused(used)).toEqual([]);
  });

  test(`${QUERIES.length} expressions over ${RANGES.length} ranges, with all of the language`, async () => {
    const found: string[] = [];
    const used = new Set<string>();
    await inParallel(QUERIES, async (query) => {
      for (const range of RANGES) {
        const theirs = await peer.api<ApiData>('/api/v1/query_range', {
          query,
          start: String(range.start / 1000),
          end: String(range.end / 1000),
          step: String(range.stepMs / 1000),
        });
        const ours = await answers.queryRange(query, range);
        note(used, query, ours);
        found.push(...differences(`${query} / ${range.stepMs}`, theirs as ApiAnswer<ApiData>, ours));
      }
    });
    expect(found).toEqual([]);
    expect(unused(used)).toEqual([]);
  });
});
