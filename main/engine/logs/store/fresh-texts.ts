/** Where the text of a block stands in the memory of a {@link FreshBatch}: each line is followed by LF. */
export type FreshText = { readonly block: number; readonly from: number; readonly to: number };

/** The texts of some blocks of a day file. */
export type FreshBatch = {
  readonly day: string;
  /** Which state of the day's file: another after it was replaced, or a transaction failed. */
  readonly file: number;
  /** Seen by both threads; {@link handBack} says that it may be written into again. */
  readonly memory: SharedArrayBuffer;
  readonly texts: readonly FreshText[];
};

/** Bytes for texts in one piece of memory, some thirty usual blocks. */
const BATCH_BYTES = 2 * 1024 * 1024;
/** Pieces that are under way at most; what comes faster is read from the day file. */
const MOST_BATCHES = 6;
/** The texts stand behind a number that says whether the memory is in use. */
const HEAD_BYTES = Int32Array.BYTES_PER_ELEMENT;
const FREE = 0;
const IN_USE = 1;

function stateOf(memory: SharedArrayBuffer): Int32Array {
  return new Int32Array(memory, 0, 1);
}

/** The memory of a batch is not looked at any more. */
export function handBack(memory: SharedArrayBuffer): void {
  Atomics.store(stateOf(memory), 0, FREE);
}

type Open = FreshBatch & { readonly bytes: Buffer; readonly texts: FreshText[]; at: number };

/**
 * Hands the texts of blocks that are just being stored to the thread that makes the index, so that it need not read and
 * decompress them again, and looks at them while the next ones are stored. What is not handed over is read from the day file.
 *
 * The memory is shared: it stays where it is for the next texts. Memory that goes from one thread to the other would be
 * counted as new in each, and V8 collects garbage after every few megabytes of such.
 */
export class FreshTexts {
  readonly #send: (batch: FreshBatch) => void;
  readonly #pieces: SharedArrayBuffer[] = [];
  #open: Open | null = null;
  #sent = false;

  constructor(send: (batch: FreshBatch) => void) {
    this.#send = send;
  }

  /** Takes the text of a block, before its transaction has ended; see {@link end}. */
  put(day: string, file: number, block: number, text: Buffer): void {
    if (this.#open !== null && this.#open.at + text.length > this.#open.bytes.length) this.#sendOpen();
    this.#open ??= this.#begin(day, file);
    const open = this.#open;
    if (open === null || open.at + text.length > open.bytes.length) return;
    const from = open.at;
    open.at += text.copy(open.bytes, from);
    open.texts.push({ block, from, to: open.at });
  }

  /**
   * A transaction has ended. Few texts are not worth waking a thread for, and those of a transaction that failed are of no use: the
   * numbers of their blocks are given anew, so the day's file counts as another from then on.
   */
  end(isStored: boolean): void {
    if (this.#sent && isStored) this.#sendOpen();
    if (this.#open !== null) handBack(this.#open.memory);
    this.#open = null;
    this.#sent = false;
  }

  /** The thread has ended, and may not have handed memory back: other memory is used from now on. */
  renew(): void {
    this.#pieces.length = 0;
  }

  #begin(day: string, file: number): Open | null {
    let memory = this.#pieces.find((piece) => Atomics.load(stateOf(piece), 0) === FREE);
    if (memory === undefined) {
      if (this.#pieces.length >= MOST_BATCHES) return null;
      try {
        memory = new SharedArrayBuffer(BATCH_BYTES);
      } catch {
        // Where there is no room for them, texts are read from the day file; storing them does not fail for that.
        return null;
      }
      this.#pieces.push(memory);
    }
    Atomics.store(stateOf(memory), 0, IN_USE);
    return { day, file, memory, bytes: Buffer.from(memory), texts: [], at: HEAD_BYTES };
  }

  #sendOpen(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    const { day, file, memory, texts } = open;
    this.#send({ day, file, memory, texts });
    this.#sent = true;
  }
}
