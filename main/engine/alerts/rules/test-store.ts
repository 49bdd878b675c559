import { type Labels, labelsKey, labelValue } from '#shared/domain/labels.ts';
import { compileAnchored } from '#shared/domain/relabel/relabel.ts';
import { NAN_HI, NAN_LO, type SampleBuffer, STALE_HI, STALE_LO } from '#shared/domain/samples.ts';

/** A condition on one label, as the query language gives it to a source. */
type Matcher = { readonly name: string; readonly op: '=' | '!=' | '=~' | '!~'; readonly value: string };

type Stored = { readonly labels: Labels; readonly times: number[]; readonly values: (number | 'stale')[] };

type Selected = {
  readonly labels: Labels;
  readonly read: (from: number, to: number, into: SampleBuffer) => void;
};

/** The series of a test of rules, in memory: what the file gives and what the rules make of it. */
export class TestStore {
  readonly #series = new Map<string, Stored>();

  /** Adds a sample; times of one series come in order, and what comes late does not count. */
  add(labels: Labels, time: number, value: number | 'stale'): void {
    const key = labelsKey(labels);
    const stored = this.#series.get(key) ?? { labels, times: [], values: [] };
    this.#series.set(key, stored);
    if ((stored.times.at(-1) ?? Number.NEGATIVE_INFINITY) >= time) return;
    stored.times.push(time);
    stored.values.push(value);
  }

  /** The series that satisfy all matchers and have samples in [from, to]. */
  select(matchers: readonly Matcher[], from: number, to: number): readonly Selected[] {
    const tests = matchers.map(compile);
    const found: Selected[] = [];
    for (const stored of this.#series.values()) {
      if (!tests.every((test) => test(stored.labels))) continue;
      const first = lowerBound(stored.times, from);
      if (first < stored.times.length && (stored.times[first] ?? 0) <= to)
        found.push({ labels: stored.labels, read: (start, end, into) => copy(stored, start, end, into) });
    }
    return found;
  }
}

function compile({ name, op, value }: Matcher): (labels: Labels) => boolean {
  if (op === '=') return (labels) => labelValue(labels, name) === value;
  if (op === '!=') return (labels) => labelValue(labels, name) !== value;
  const pattern = compileAnchored(value);
  const wanted = op === '=~';
  return (labels) => pattern.matches(labelValue(labels, name)) === wanted;
}

/** Index of the first time that is not before `at`. */
function lowerBound(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

const halves = new Uint32Array(2);
const float = new Float64Array(halves.buffer);

function copy({ times, values }: Stored, from: number, to: number, into: SampleBuffer): void {
  into.length = 0;
  for (let at = lowerBound(times, from); at < times.length && (times[at] ?? 0) <= to; at += 1) {
    const value = values[at] ?? 'stale';
    const time = times[at] ?? 0;
    if (value === 'stale') into.push(time, STALE_HI, STALE_LO);
    else if (Number.isNaN(value)) into.push(time, NAN_HI, NAN_LO);
    else {
      float[0] = value;
      into.push(time, halves[1] ?? 0, halves[0] ?? 0);
    }
  }
}
