import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiData } from '../../../main/engine/promql/results.ts';
import { storeSeries } from '../../helpers/local-series.ts';
import { startPrometheus } from '../../helpers/prometheus.ts';
import type { RemoteSeries } from '../../helpers/remote-write.ts';
import {
  type Answer,
  describePlace,
  differingPlaces,
  type Ordered,
  ourAnswer,
  theirAnswer,
  varyingPlaces,
  withinChange,
} from './answers.ts';
import type { When } from './cases.ts';
import { knownMistake } from './explained.ts';
import { installNudge, nudgePower, withNudge } from './nudge.ts';

installNudge();
const { createPromqlAnswers } = await import('../../../main/engine/promql/answers.ts');
const { createPromqlEngine } = await import('../../../main/engine/promql/engine.ts');
const { ARITHMETIC } = await import('../../../main/engine/promql/operators.ts');
nudgePower(ARITHMETIC as Parameters<typeof nudgePower>[0]);

/** How often the reference is asked again, to see whether it answers itself the same. */
const REPEATS = 40;
/** How often our engine is asked again with last digits changed. */
const NUDGES = 8;

/** What came of one comparison. */
export type Verdict =
  | { readonly kind: 'same'; readonly refused: boolean }
  /** A known mistake of the reference's; or the places depend on the order of a map in Go, or on last digits. */
  | { readonly kind: 'explained'; readonly difference: string }
  | { readonly kind: 'different'; readonly difference: string };

/** The reference and our engine over the same data. */
export type Arena = {
  readonly compare: (text: string, when: When) => Promise<Verdict>;
  readonly close: () => Promise<void>;
};

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function orderedBy(text: string, when: When): Ordered {
  if ('stepMs' in when) return 'series';
  return /^\s*sort/.test(text) ? 'values' : 'no';
}

/** Starts a Prometheus, and puts the data into it and into a store of ours, sealed partitions and head. */
export async function openArena(data: readonly RemoteSeries[]): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-fuzz-'));
  const peer = await startPrometheus();
  const local = await storeSeries(folder, data, 1_800_000);
  const close = async (): Promise<void> => {
    local.close();
    await peer.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await peer.write(data);
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const engine = createPromqlAnswers(
    createPromqlEngine({ source: local.store, monotonic: () => performance.now() }),
  );

  const askThem = async (query: string, when: When): Promise<Answer> => {
    const params: Record<string, string> =
      'stepMs' in when
        ? { query, start: seconds(when.start), end: seconds(when.end), step: seconds(when.stepMs) }
        : { query, time: seconds(when.time) };
    const path = 'stepMs' in when ? '/api/v1/query_range' : '/api/v1/query';
    const answer = await peer.api<ApiData>(path, params);
    return theirAnswer(answer, orderedBy(query, when));
  };
  const askUs = async (query: string, when: When): Promise<Answer> => {
    const answer =
      'stepMs' in when ? await engine.queryRange(query, when) : await engine.query(query, when.time);
    return ourAnswer(answer, orderedBy(query, when));
  };

  // Changed last digits must not reach a question that is asked at the same time.
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work);
    last = result;
    return result;
  };

  const compare = async (text: string, when: When): Promise<Verdict> => {
    const [theirs, ours] = await Promise.all([askThem(text, when), alone(() => askUs(text, when))]);
    const places = differingPlaces(theirs, ours);
    if (places.length === 0) return { kind: 'same', refused: theirs.has('error') };
    // A text that we refuse is no mistake of theirs.
    const mistake = ours.has('error') ? null : knownMistake(text, when);
    if (mistake !== null) return { kind: 'explained', difference: mistake };
    let left: readonly string[] = places;
    for (let i = 0; i < REPEATS && left.length > 0; i++) {
      const varying = varyingPlaces(theirs, await askThem(text, when));
      left = left.filter((place) => !varying.has(place));
    }
    for (let seed = 0; seed < NUDGES && left.length > 0; seed++) {
      const other = await alone(() => withNudge(seed, () => askUs(text, when)));
      left = left.filter((place) => !withinChange(place, theirs, ours, other));
    }
    const [worst = places[0] ?? ''] = left;
    const difference = describePlace(worst, theirs, ours);
    return { kind: left.length === 0 ? 'explained' : 'different', difference };
  };
  return { compare, close };
}
