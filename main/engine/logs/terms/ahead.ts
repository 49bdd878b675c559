import { type FreshBatch, handBack } from '../store/fresh-texts.ts';
import { TermCollector } from './terms.ts';

const FIRST_TERMS = 1 << 18;
/** Terms that wait at most, 8 MB of them: those of two segments as they are made while lines arrive. */
const MOST_TERMS = 1 << 21;

/** Where the terms of a block wait. */
type Waiting = {
  readonly day: string;
  readonly file: number;
  readonly block: number;
  readonly from: number;
  readonly to: number;
};

/**
 * The terms of blocks that were collected before anybody asked for their index. They lie one behind the other in memory
 * that is used again and again: arrays for each block would be garbage outside the heap, by megabytes.
 */
export class TermsAhead {
  readonly #collector = new TermCollector();
  #terms = new Uint32Array(FIRST_TERMS);
  #used = 0;
  #waiting: Waiting[] = [];

  /** Collects the terms of texts, and hands their memory back. */
  add({ day, file, memory, texts }: FreshBatch): void {
    const data = Buffer.from(memory);
    for (const { block, from, to } of texts) {
      this.#collector.clear();
      this.#collector.addBytes(data, from, to);
      const { found } = this.#collector;
      this.#room(found.length);
      this.#terms.set(found, this.#used);
      this.#waiting.push({ day, file, block, from: this.#used, to: this.#used + found.length });
      this.#used += found.length;
    }
    handBack(memory);
  }

  /**
   * The terms of blocks of a day's file, by block.
   *
   * @returns views that are valid until more is added
   */
  of(day: string, file: number): ReadonlyMap<number, Uint32Array> {
    const own = this.#waiting.filter((one) => one.day === day && one.file === file);
    return new Map(own.map(({ block, from, to }) => [block, this.#terms.subarray(from, to)]));
  }

  /** Forgets the terms of a day's blocks up to one that is indexed now, and all of other files that the day has had. */
  forget(day: string, file: number, upTo: number): void {
    const kept = this.#waiting.filter((one) => one.day !== day || (one.file === file && one.block > upTo));
    let used = 0;
    this.#waiting = kept.map(({ from, to, ...one }) => {
      this.#terms.copyWithin(used, from, to);
      const at = used;
      used += to - from;
      return { ...one, from: at, to: used };
    });
    this.#used = used;
  }

  #room(more: number): void {
    // Nobody asks for them as fast as they come; their blocks are read from the day file.
    if (this.#used + more > MOST_TERMS) {
      this.#waiting = [];
      this.#used = 0;
    }
    if (this.#used + more <= this.#terms.length) return;
    const larger = new Uint32Array(Math.max(this.#terms.length * 2, this.#used + more));
    larger.set(this.#terms.subarray(0, this.#used));
    this.#terms = larger;
  }
}
