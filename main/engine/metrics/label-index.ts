import { type Labels, NO_LABELS } from '#shared/domain/labels.ts';
import type { CompiledMatcher } from './matchers.ts';
import { NumberLists } from './number-lists.ts';

/** Stands for a number that no label has; there is none among the labels of a slot in use. */
const NOTHING = { name: '', value: '' };

/** One value of a label, its number, and the slots that have it. */
type Posting = {
  readonly name: string;
  readonly value: string;
  readonly number: number;
  slots: number[];
};
type LabelName = { readonly name: string; readonly values: Map<string, Posting> };

/**
 * The labels of the series by slot, and which series have which label: name → value → slots, in the order in which they were
 * added. Each text is kept once, and a series is a list of numbers of labels.
 */
export class LabelIndex {
  readonly #names = new Map<string, LabelName>();
  /** Labels by their number. */
  readonly #postings: (Posting | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  readonly #labels = new NumberLists();
  readonly #all: () => Iterable<number>;

  /** @param all every slot in use */
  constructor(all: () => Iterable<number>) {
    this.#all = all;
  }

  /** The labels of a slot; none of one that is not in use. A new array each time. */
  labels(slot: number): Labels {
    if (!this.#labels.has(slot)) return NO_LABELS;
    const labels: string[] = [];
    for (let i = 0; i < this.#labels.length(slot); i++) {
      const { name, value } = this.#postings[this.#labels.at(slot, i)] ?? NOTHING;
      labels.push(name, value);
    }
    return labels;
  }

  has(slot: number): boolean {
    return this.#labels.has(slot);
  }

  /** Adds a slot that is not in use. */
  add(slot: number, labels: Labels): void {
    const numbers: number[] = [];
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
        const number = this.#freeNumbers.pop() ?? this.#postings.length;
        posting = { name: label.name, value, number, slots: [] };
        this.#postings[number] = posting;
        label.values.set(value, posting);
      }
      posting.slots.push(slot);
      numbers.push(posting.number);
    }
    this.#labels.add(slot, numbers);
  }

  /** Takes slots out. */
  remove(gone: ReadonlySet<number>): void {
    const touched = new Set<number>();
    for (const slot of gone) {
      for (let i = 0; i < this.#labels.length(slot); i++) touched.add(this.#labels.at(slot, i));
      this.#labels.remove(slot);
    }
    for (const number of touched) {
      const posting = this.#postings[number];
      if (posting === undefined) continue;
      posting.slots = posting.slots.filter((slot) => !gone.has(slot));
      if (posting.slots.length > 0) continue;
      this.#postings[number] = undefined;
      this.#freeNumbers.push(number);
      const there = this.#names.get(posting.name)?.values;
      there?.delete(posting.value);
      if (there?.size === 0) this.#names.delete(posting.name);
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
    return from.filter((slot) => left.every((matcher) => matcher.test(this.#valueOf(slot, matcher.name))));
  }

  /** The value of one label of a slot, or '' when it has none. */
  #valueOf(slot: number, name: string): string {
    for (let i = 0; i < this.#labels.length(slot); i++) {
      const posting = this.#postings[this.#labels.at(slot, i)];
      if (posting?.name === name) return posting.value;
    }
    return '';
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
