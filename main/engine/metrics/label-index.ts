import { type Labels, labelValue } from '#shared/domain/labels.ts';
import type { CompiledMatcher } from './matchers.ts';

/** Which series have which label: name → value → slots, in the order in which they were added. */
export class LabelIndex {
  readonly #names = new Map<string, Map<string, number[]>>();
  readonly #labelsOf: (slot: number) => Labels;
  readonly #all: () => Iterable<number>;

  /** @param labelsOf the labels of a slot that was added; @param all every slot in use */
  constructor(labelsOf: (slot: number) => Labels, all: () => Iterable<number>) {
    this.#labelsOf = labelsOf;
    this.#all = all;
  }

  add(slot: number, labels: Labels): void {
    for (let i = 0; i < labels.length; i += 2) {
      const name = labels[i] ?? '';
      const value = labels[i + 1] ?? '';
      let values = this.#names.get(name);
      if (values === undefined) {
        values = new Map();
        this.#names.set(name, values);
      }
      const slots = values.get(value);
      if (slots === undefined) values.set(value, [slot]);
      else slots.push(slot);
    }
  }

  /** Takes slots out; `labelsOf` must still know them. */
  remove(gone: ReadonlySet<number>): void {
    const touched = new Map<string, Set<string>>();
    for (const slot of gone) {
      const labels = this.#labelsOf(slot);
      for (let i = 0; i < labels.length; i += 2) {
        const name = labels[i] ?? '';
        const values = touched.get(name) ?? new Set();
        touched.set(name, values.add(labels[i + 1] ?? ''));
      }
    }
    for (const [name, values] of touched) {
      const there = this.#names.get(name);
      if (there === undefined) continue;
      for (const value of values) {
        const left = (there.get(value) ?? []).filter((slot) => !gone.has(slot));
        if (left.length === 0) there.delete(value);
        else there.set(value, left);
      }
      if (there.size === 0) this.#names.delete(name);
    }
  }

  /** The names of all labels, in no order. */
  names(): Iterable<string> {
    return this.#names.keys();
  }

  /** The values of one label, in no order. */
  values(name: string): Iterable<string> {
    return this.#names.get(name)?.keys() ?? [];
  }

  /** How many series have this label. */
  count(name: string, value: string): number {
    return this.#names.get(name)?.get(value)?.length ?? 0;
  }

  /** The slots that satisfy every matcher. */
  select(matchers: readonly CompiledMatcher[]): readonly number[] {
    let candidates: readonly number[] | null = null;
    let narrowing: CompiledMatcher | null = null;
    for (const matcher of matchers) {
      // A matcher that also accepts an absent label says nothing about which lists to read.
      if (matcher.test('')) continue;
      const found = this.#listFor(matcher);
      if (candidates === null || found.length < candidates.length) {
        candidates = found;
        narrowing = matcher;
      }
    }
    const left = matchers.filter((matcher) => matcher !== narrowing);
    const from = candidates ?? [...this.#all()];
    if (left.length === 0) return from;
    return from.filter((slot) => {
      const labels = this.#labelsOf(slot);
      return left.every((matcher) => matcher.test(labelValue(labels, matcher.name)));
    });
  }

  #listFor(matcher: CompiledMatcher): readonly number[] {
    const values = this.#names.get(matcher.name);
    if (values === undefined) return [];
    if (matcher.only !== null) return values.get(matcher.only) ?? [];
    const found: number[] = [];
    for (const [value, slots] of values) if (matcher.test(value)) for (const slot of slots) found.push(slot);
    return found;
  }
}
