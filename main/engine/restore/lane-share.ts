/** Numbers that the lanes of one run share: whose turn each range is, and how far all of them are together. */
export class LaneShare {
  /** What another thread is given, to make its own {@link LaneShare} of. */
  readonly memory: SharedArrayBuffer;
  readonly #numbers: BigInt64Array;

  constructor(memory = new SharedArrayBuffer(NUMBERS * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#numbers = new BigInt64Array(memory);
  }

  /** Begins a phase: its first range is the next one, and so much of it is done already. */
  begin(bytes: number, files: number): void {
    Atomics.store(this.#numbers, RANGE, 0n);
    Atomics.store(this.#numbers, BYTES, BigInt(bytes));
    Atomics.store(this.#numbers, FILES, BigInt(files));
  }

  /** Takes the next of some ranges, which no other lane gets; undefined when all are taken. */
  take<T>(ranges: readonly T[]): T | undefined {
    return ranges[Number(Atomics.add(this.#numbers, RANGE, 1n))];
  }

  /** Starts the ranges anew, with the counts as they are. */
  rewind(): void {
    Atomics.store(this.#numbers, RANGE, 0n);
  }

  /** @param bytes less than nothing when some turned out not to count */
  addBytes(bytes: number): void {
    Atomics.add(this.#numbers, BYTES, BigInt(bytes));
  }

  addFile(): void {
    Atomics.add(this.#numbers, FILES, 1n);
  }

  /** Counts files and folders that did not get all of their attributes. */
  addAttributesMissing(count: number): void {
    if (count > 0) Atomics.add(this.#numbers, ATTRIBUTES, BigInt(count));
  }

  get bytes(): number {
    return Number(Atomics.load(this.#numbers, BYTES));
  }

  get files(): number {
    return Number(Atomics.load(this.#numbers, FILES));
  }

  get attributesMissing(): number {
    return Number(Atomics.load(this.#numbers, ATTRIBUTES));
  }
}

const [RANGE, BYTES, FILES, ATTRIBUTES] = [0, 1, 2, 3];
const NUMBERS = 4;
