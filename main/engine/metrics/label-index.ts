import { type Labels, labelValue } from '#shared/domain/labels.ts';
import type { CompiledMatcher } from './matchers.ts';

/** The slots that have one value of a label, and the value itself. */
type Posting = { readonly value: string; readonly slots: number[] };
type LabelName = { readonly name: string; readonly values: Map<string, Posting> };

/** Which series have which label: name → value → slots, in the order in which they were added. */
export class LabelIndex {
  readonly #names = new Map<string, LabelName>();
  readonly #labelsOf: (slot: number) => Labels;
  readonly #all: () => Iterable<number>;

  /** @param labelsOf the labels of a slot that was added; @param all every slot in use */
  constructor(labelsOf: (slot: number) => Labels, all: () => Iterable<number>) {
    this.#labelsOf = labelsOf;
    this.#all = all;
  }

  /** Adds a slot. @returns its labels made of the texts that the index has already, so that each text is kept once */
  add(slot: number, labels: Labels): Labels {
    const shared = labels.slice();
    for (let i = 0; i < labels.length; i += 2) {
      const name = labels[i] ?? '';
      const value = labels[i + 1] ?? '';
      let label = this.#names.get(name);
      if (label === undefined) {
        label = { name, values: new Map() };
        this.#names.set(name, label);
      }
      let posting = label.values.get(value);
      if (posting === undefined) {
        posting = { value, slots: [] };
        label.values.set(value, posting);
      }
      posting.slots.push(slot);
      shared[i] = label.name;
      shared[i + 1] = posting.value;
    }
    return shared;
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
      const there = this.#names.get(name)?.values;
      if (there === undefined) continue;
      for (const value of values) {
        const posting = there.get(value);
        const left = (posting?.slots ?? []).filter((slot) => !gone.has(slot));
        if (posting === undefined || left.length === 0) there.delete(value);
        else there.set(value, { value: posting.value, slots: left });
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
    return this.#names.get(name)?.values.keys() ?? [];
  }

  /** How many series have this label. */
  count(name: string, value: string): number {
    return this.#names.get(name)?.values.get(value)?.slots.length ?? 0;
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
    const values = this.#names.get(matcher.name)?.values;
    if (values === undefined) return [];
    if (matcher.only !== null) return values.get(matcher.only)?.slots ?? [];
    const found: number[] = [];
    for (const { value, slots } of values.values())
      if (matcher.test(value)) for (const slot of slots) found.push(slot);
    return found;
  }
}
