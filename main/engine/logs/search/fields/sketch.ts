import type { LogField } from '#shared/contract/logs-search.ts';

/** Values counted one by one; when there are more, those seen least are let go. */
const MAX_VALUES = 4000;
/** Longer values are cut, for counting. */
const MAX_CHARS = 300;
/** Relative error of percentiles (Masson et al., "DDSketch", 2019). */
const ACCURACY = 0.01;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);
/** Registers of the estimate of how many values there are (Flajolet et al., "HyperLogLog", 2007). */
const REGISTERS = 1024;

/** A sketch as it crosses threads. */
export type FieldPartial = {
  readonly name: string;
  readonly count: number;
  readonly values: readonly (readonly [string, number])[];
  readonly lost: boolean;
  readonly registers: Uint8Array;
  readonly numbers: readonly [count: number, sum: number, min: number, max: number];
  readonly buckets: readonly (readonly [number, number])[];
};

/** What is known of one field's values, in bounded memory. */
export class FieldSketch {
  readonly name: string;
  count = 0;
  #values = new Map<string, number>();
  #lost = false;
  readonly #registers = new Uint8Array(REGISTERS);
  #numbers = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  /** Zero is bucket 0; others are ±(1 + exponent + 10 000). */
  readonly #buckets = new Map<number, number>();

  constructor(name: string) {
    this.name = name;
  }

  /** @param n how many events have this value */
  add(value: string, n = 1): void {
    this.count += n;
    const kept = value.length > MAX_CHARS ? `${value.slice(0, MAX_CHARS)}…` : value;
    this.#addValue(kept, n);
    const code = value.charCodeAt(0);
    // A number begins with a digit, a sign or a point.
    if (!((code >= 48 && code <= 57) || code === 45 || code === 46 || code === 43)) return;
    const number = Number(value);
    if (!Number.isFinite(number)) return;
    this.#numbers += n;
    this.#sum += number * n;
    this.#min = Math.min(this.#min, number);
    this.#max = Math.max(this.#max, number);
    const bucket = bucketOf(number);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + n);
  }

  #addValue(value: string, n: number): void {
    const known = this.#values.get(value);
    this.#values.set(value, (known ?? 0) + n);
    if (known !== undefined) return;
    this.#estimate(value);
    if (this.#values.size <= MAX_VALUES) return;
    this.#lost = true;
    const counts = [...this.#values.values()].sort((a, b) => a - b);
    const bound = counts[counts.length >> 1] ?? 1;
    let spare = this.#values.size >> 1;
    for (const [other, count] of this.#values) {
      if (spare === 0) break;
      if (count > bound) continue;
      this.#values.delete(other);
      spare -= 1;
    }
  }

  #estimate(value: string): void {
    let hash = 0x811c9dc5;
    for (let i = 0; i < value.length; i += 1) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
    // The mixer of MurmurHash3, because the low bits of FNV alone are not even enough.
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash = (hash ^ (hash >>> 16)) >>> 0;
    const register = hash & (REGISTERS - 1);
    const rank = Math.clz32(hash >>> 10) - 10 + 1;
    if (rank > (this.#registers[register] ?? 0)) this.#registers[register] = rank;
  }

  partial(): FieldPartial {
    return {
      name: this.name,
      count: this.count,
      values: [...this.#values],
      lost: this.#lost,
      registers: this.#registers,
      numbers: [this.#numbers, this.#sum, this.#min, this.#max],
      buckets: [...this.#buckets],
    };
  }

  merge(other: FieldPartial): void {
    this.count += other.count;
    for (const [value, n] of other.values) this.#addValue(value, n);
    this.#lost ||= other.lost;
    other.registers.forEach((rank, i) => {
      this.#registers[i] = Math.max(this.#registers[i] ?? 0, rank);
    });
    const [numbers, sum, min, max] = other.numbers;
    this.#numbers += numbers;
    this.#sum += sum;
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
    for (const [bucket, n] of other.buckets) this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + n);
  }

  /** @param top how many values to list */
  shown(top: number): LogField {
    const values = [...this.#values].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return {
      name: this.name,
      count: this.count,
      top: values.slice(0, top).map(([value, count]) => ({ value, count })),
      distinct: this.#lost ? Math.max(values.length, this.#distinct()) : values.length,
      exact: !this.#lost,
      numbers: this.#numbers === 0 ? null : this.#figures(),
    };
  }

  #distinct(): number {
    let sum = 0;
    let zeros = 0;
    for (const rank of this.#registers) {
      sum += 2 ** -rank;
      if (rank === 0) zeros += 1;
    }
    const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum;
    if (raw <= 2.5 * REGISTERS && zeros > 0) return Math.round(REGISTERS * Math.log(REGISTERS / zeros));
    return Math.round(raw);
  }

  #figures(): NonNullable<LogField['numbers']> {
    const sorted = [...this.#buckets].sort((a, b) => a[0] - b[0]);
    const at = (share: number): number => {
      const rank = share * (this.#numbers - 1);
      let seen = 0;
      for (const [bucket, n] of sorted) {
        seen += n;
        if (seen > rank) return Math.min(this.#max, Math.max(this.#min, middleOf(bucket)));
      }
      return this.#max;
    };
    return {
      count: this.#numbers,
      ...{ min: this.#min, max: this.#max, mean: this.#sum / this.#numbers },
      ...{ p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) },
    };
  }
}

const OFFSET = 100_000;

function bucketOf(number: number): number {
  if (number === 0) return 0;
  const exponent = Math.ceil(Math.log(Math.abs(number)) / LOG_GAMMA);
  return Math.sign(number) * (exponent + OFFSET);
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  return (Math.sign(bucket) * (2 * GAMMA ** (Math.abs(bucket) - OFFSET))) / (GAMMA + 1);
}
