import { BYTE_OP, type ByteProgram, isWordByte } from './byte-program.ts';
import { EMPTY } from './rune-program.ts';

/** What stands in the table besides the numbers of states, which are positive. */
const UNKNOWN = 0;
const MATCH = -1;
const DEAD = -2;

const ALL = 63;

/** The table is emptied when it would grow beyond this many entries (4 bytes each). */
const MAX_TABLE = 1 << 18;
/** And when its states' sets of instructions grow beyond this many. */
const MAX_SET_ENTRIES = 1 << 18;

const LF = 10;

/** What is known of the place before the next byte, as far as conditions ask for it. */
const LAST_WORD = 1;
const LINE_START = 2;
const TEXT_START = 4;

type State = {
  /** Instructions that wait for the next byte, sorted; conditions that need to know it are among them. */
  readonly insts: Int32Array;
  readonly place: number;
};

/**
 * A deterministic automaton over bytes that is built while it runs, as in RE2 (Cox, "Regular Expression Matching in the
 * Wild"): each byte costs one look into a table, whatever the expression, and the table is bounded: when it is full it
 * is emptied and built anew. It only says whether there is a match.
 */
export class LazyDfa {
  readonly #program: ByteProgram;
  readonly #stride: number;
  /** Classes of bytes, and one behind them that stands for the end of the text. */
  readonly #classes: Uint8Array;
  readonly #endClass: number;
  readonly #sampleOfClass: Uint8Array;
  #table: Int32Array;
  #states: State[] = [];
  #byKey = new Map<string, number>();
  #setEntries = 0;
  #start = 0;
  /** How often the table was emptied. */
  flushes = 0;
  // Scratch of the closure: the instructions reached, and a mark for each.
  readonly #marks: Uint32Array;
  #generation = 0;
  readonly #stack: Int32Array;
  #depth = 0;
  readonly #reached: Int32Array;
  readonly #maxTable: number;
  /** Whether a match may hold LF. */
  readonly #crossesLines: boolean;

  constructor(program: ByteProgram, maxTable = MAX_TABLE) {
    this.#program = program;
    this.#classes = program.classes;
    this.#endClass = program.classCount;
    this.#stride = program.classCount + 1;
    this.#maxTable = Math.max(maxTable, this.#stride * 8);
    this.#sampleOfClass = new Uint8Array(this.#stride);
    for (let byte = 255; byte >= 0; byte -= 1) this.#sampleOfClass[program.classes[byte] ?? 0] = byte;
    this.#table = new Int32Array(this.#stride * 64);
    this.#crossesLines = program.arg.some(
      (range, at) => program.op[at] === BYTE_OP.range && range >> 8 <= LF && (range & 255) >= LF,
    );
    this.#marks = new Uint32Array(program.op.length);
    this.#stack = new Int32Array(program.op.length);
    this.#reached = new Int32Array(program.op.length);
    this.#reset();
  }

  /** Whether the expression matches anywhere in `data[from, to)`, which is a text of its own. */
  matches(data: Uint8Array, from: number, to: number): boolean {
    return this.#run(data, from, to, this.#start);
  }

  /**
   * Compares many texts, text `i` being `data[starts[i], stops[i])`, and calls back for those that match, in their order.
   * Each byte waits for the look into the table of the byte before; two texts at a time wait half as long.
   *
   * @param texts the numbers of the texts to compare
   */
  matchMany(
    data: Uint8Array,
    starts: Uint32Array,
    stops: Uint32Array,
    texts: Uint32Array,
    found: (text: number) => void,
  ): void {
    const classes = this.#classes;
    const start = this.#start;
    const pairs = start < 0 ? 0 : texts.length & ~1;
    for (let pair = 0; pair < pairs; pair += 2) {
      const [one, two] = [texts[pair] as number, texts[pair + 1] as number];
      let atOne = starts[one] as number;
      let atTwo = starts[two] as number;
      const [endOne, endTwo] = [stops[one] as number, stops[two] as number];
      const table = this.#table;
      let stateOne = this.#start;
      let stateTwo = this.#start;
      for (let left = Math.min(endOne - atOne, endTwo - atTwo); left > 0; left -= 1) {
        const nextOne = (table[(stateOne + (classes[data[atOne] as number] as number)) | 0] as number) | 0;
        const nextTwo = (table[(stateTwo + (classes[data[atTwo] as number] as number)) | 0] as number) | 0;
        // A match, a dead end, or a state that is not known yet: each text goes on alone.
        if (nextOne <= 0 || nextTwo <= 0) break;
        stateOne = nextOne;
        stateTwo = nextTwo;
        atOne += 1;
        atTwo += 1;
      }
      const { flushes } = this;
      if (this.#run(data, atOne, endOne, stateOne)) found(one);
      const kept = flushes === this.flushes;
      if (kept ? this.#run(data, atTwo, endTwo, stateTwo) : this.matches(data, starts[two] as number, endTwo))
        found(two);
    }
    for (let rest = pairs; rest < texts.length; rest += 1) {
      const text = texts[rest] as number;
      if (this.matches(data, starts[text] as number, stops[text] as number)) found(text);
    }
  }

  /**
   * Where in a text of lines, each followed by LF, a match was certain: one place in a line at most, rising. The program must be one
   * over lines ({@link overLines}). Three parts of the text are gone through at a time, each waiting for its own looks into the table.
   *
   * @returns null when there are more than `most`, or the table had to be emptied
   */
  placesInLines(data: Buffer, from: number, to: number, most: number): readonly number[] | null {
    const classes = this.#classes;
    // A text may hold LF itself, and be matched across it: such a text must not be cut.
    const third = this.#crossesLines ? to - from : Math.floor((to - from) / 3);
    const second = lineBehind(data, from + third, to);
    const last = lineBehind(data, second + third, to);
    const one = { at: from, end: second, state: this.#start, found: [] as number[] };
    const two = { at: second, end: last, state: this.#start, found: [] as number[] };
    const three = { at: last, end: to, state: this.#start, found: [] as number[] };
    const parts = [one, two, three];
    if (this.#start < 0) return this.#start === MATCH ? null : [];
    const { flushes } = this;
    for (;;) {
      const table = this.#table;
      let atOne = one.at;
      let atTwo = two.at;
      let atThree = three.at;
      let stateOne = one.state;
      let stateTwo = two.state;
      let stateThree = three.state;
      for (let left = Math.min(one.end - atOne, two.end - atTwo, three.end - atThree); left > 0; left -= 1) {
        const nextOne = (table[(stateOne + (classes[data[atOne] as number] as number)) | 0] as number) | 0;
        const nextTwo = (table[(stateTwo + (classes[data[atTwo] as number] as number)) | 0] as number) | 0;
        const nextThree =
          (table[(stateThree + (classes[data[atThree] as number] as number)) | 0] as number) | 0;
        if (nextOne <= 0 || nextTwo <= 0 || nextThree <= 0) break;
        stateOne = nextOne;
        stateTwo = nextTwo;
        stateThree = nextThree;
        atOne += 1;
        atTwo += 1;
        atThree += 1;
      }
      one.at = atOne;
      two.at = atTwo;
      three.at = atThree;
      one.state = stateOne;
      two.state = stateTwo;
      three.state = stateThree;
      const alone = parts.some(({ at, end }) => at >= end);
      // A match, a state that is not known yet, or the end of the shortest part: each goes on alone for a byte, or to its end.
      for (const part of parts) {
        this.#runInLines(data, part, alone ? part.end : Math.min(part.end, part.at + 1), most);
        if (this.flushes !== flushes) return null;
      }
      if (one.found.length + two.found.length + three.found.length > most) return null;
      if (alone) return [...one.found, ...two.found, ...three.found];
    }
  }

  /** Goes through a part of {@link placesInLines} alone; behind a match it goes on in the next line. */
  #runInLines(
    data: Buffer,
    part: { at: number; readonly end: number; state: number; readonly found: number[] },
    stop: number,
    most: number,
  ): void {
    const classes = this.#classes;
    const { end, found } = part;
    const { flushes } = this;
    let table = this.#table;
    let { at, state } = part;
    while (at < stop) {
      const kind = (classes[data[at] as number] as number) | 0;
      let next = (table[(state + kind) | 0] as number) | 0;
      if (next === UNKNOWN) {
        next = this.#step(state, kind);
        table = this.#table;
        if (this.flushes !== flushes) break;
      }
      if (next > 0) {
        at += 1;
        state = next;
      } else if (next === DEAD) at = end;
      else {
        if (found.push(at) > most) break;
        at = lineBehind(data, at, end);
        state = this.#start;
      }
    }
    part.at = at;
    part.state = state;
  }

  #run(data: Uint8Array, from: number, to: number, begin: number): boolean {
    const classes = this.#classes;
    let table = this.#table;
    let state = begin;
    if (state < 0) return state === MATCH;
    for (let at = from; at < to; at += 1) {
      // The indexes are in range by construction; `| 0` tells the compiler that they are small integers.
      const kind = (classes[data[at] as number] as number) | 0;
      let next = (table[state + kind] as number) | 0;
      if (next <= 0) {
        if (next === UNKNOWN) {
          next = this.#step(state, kind);
          table = this.#table;
        }
        if (next === MATCH) return true;
        if (next === DEAD) return false;
      }
      state = next;
    }
    const last = table[state + this.#endClass] as number;
    return (last === UNKNOWN ? this.#step(state, this.#endClass) : last) === MATCH;
  }

  #reset(): void {
    this.#states = [];
    this.#byKey = new Map();
    this.#setEntries = 0;
    this.#table.fill(UNKNOWN);
    this.#begin();
    this.#push(this.#program.start);
    const { conditions } = this.#program;
    let place = 0;
    if (conditions & (EMPTY.beginText | EMPTY.beginLine)) place |= TEXT_START | LINE_START;
    this.#start = this.#intern(this.#close(0, ALL), place);
  }

  /** Computes where a state goes with a class of bytes, and keeps it. */
  #step(from: number, kind: number): number {
    const state = this.#states[from / this.#stride - 1];
    if (state === undefined) throw new Error('no such state');
    const { op, out, arg, conditions } = this.#program;
    const end = kind === this.#endClass;
    const byte = end ? -1 : (this.#sampleOfClass[kind] ?? 0);
    let insts = state.insts;
    let count = insts.length;
    if (conditions !== 0) {
      // Now that the next byte is known, so are the conditions between the last one and it.
      this.#begin();
      for (let i = 0; i < count; i += 1) this.#push(insts[i] ?? 0);
      count = this.#close(conditionsAt(state.place, byte), 0);
      if (count < 0) return this.#keep(from, kind, MATCH);
      insts = this.#reached.slice(0, count);
    }
    if (end) return this.#keep(from, kind, DEAD);
    this.#begin();
    for (let i = 0; i < count; i += 1) {
      const inst = insts[i] ?? 0;
      if (op[inst] !== BYTE_OP.range) continue;
      const range = arg[inst] ?? 0;
      if (byte >= range >> 8 && byte <= (range & 255)) this.#push(out[inst] ?? 0);
    }
    // A match may begin behind any byte.
    this.#push(this.#program.start);
    let place = 0;
    if (conditions & (EMPTY.word | EMPTY.noWord) && isWordByte(byte)) place |= LAST_WORD;
    if (conditions & EMPTY.beginLine && byte === 10) place |= LINE_START;
    const closed = this.#close(0, ALL & ~EMPTY.beginText);
    if (closed >= 0 && this.#isFull(closed)) {
      // The state is made before the table is emptied, because emptying uses the same scratch.
      const kept = this.#reached.slice(0, closed);
      this.#reset();
      this.flushes += 1;
      this.#reached.set(kept);
      return this.#intern(closed, place);
    }
    const next = this.#intern(closed, place);
    return this.#keep(from, kind, next);
  }

  #keep(from: number, kind: number, next: number): number {
    this.#table[from + kind] = next;
    return next;
  }

  #isFull(more: number): boolean {
    return (
      (this.#states.length + 2) * this.#stride > this.#maxTable || this.#setEntries + more > MAX_SET_ENTRIES
    );
  }

  #begin(): void {
    this.#generation += 1;
    this.#depth = 0;
    if (this.#generation === 0xffffffff) {
      this.#marks.fill(0);
      this.#generation = 1;
    }
  }

  #push(inst: number): void {
    if (this.#marks[inst] === this.#generation) return;
    this.#marks[inst] = this.#generation;
    this.#stack[this.#depth] = inst;
    this.#depth += 1;
  }

  /**
   * Follows what was pushed without consuming a byte; instructions that wait for one are left in `#reached`.
   *
   * @param held the conditions that are known to hold
   * @param possible those that may hold once the next byte is known; instructions with others are given up
   * @returns how many, or -1 when the end of a match was reached
   */
  #close(held: number, possible: number): number {
    const { op, out, other, arg } = this.#program;
    let count = 0;
    while (this.#depth > 0) {
      this.#depth -= 1;
      const inst = this.#stack[this.#depth] ?? 0;
      switch (op[inst]) {
        case BYTE_OP.match:
          return -1;
        case BYTE_OP.alt:
          this.#push(out[inst] ?? 0);
          this.#push(other[inst] ?? 0);
          break;
        case BYTE_OP.empty:
          if (((arg[inst] ?? 0) & ~held) === 0) this.#push(out[inst] ?? 0);
          else if (((arg[inst] ?? 0) & ~possible) === 0) this.#reached[count++] = inst;
          break;
        case BYTE_OP.range:
          this.#reached[count++] = inst;
          break;
        default:
      }
    }
    return count;
  }

  /** The number of the state with the instructions in `#reached`; a new one when there is none. */
  #intern(count: number, place: number): number {
    if (count < 0) return MATCH;
    if (count === 0) return DEAD;
    const insts = this.#reached.slice(0, count).sort();
    const key = `${place}:${String.fromCharCode(...insts)}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#states.push({ insts, place });
    this.#setEntries += count;
    const number = this.#states.length * this.#stride;
    if (number + this.#stride > this.#table.length) {
      const grown = new Int32Array(Math.max(this.#table.length * 2, number + this.#stride));
      grown.set(this.#table);
      this.#table = grown;
    }
    this.#byKey.set(key, number);
    return number;
  }
}

/** Where the next line begins behind a place; `end` when there is none before. */
function lineBehind(data: Buffer, at: number, end: number): number {
  const found = at >= end ? -1 : data.indexOf(LF, at);
  return found < 0 || found >= end ? end : found + 1;
}

/** The conditions that hold between a place and the byte behind it. @param byte -1 at the end of the text */
function conditionsAt(place: number, byte: number): number {
  // Inside a character nothing begins or ends.
  if (byte >= 0x80 && byte < 0xc0) return 0;
  let held = 0;
  if (place & TEXT_START) held |= EMPTY.beginText;
  if (place & LINE_START) held |= EMPTY.beginLine;
  if (byte === -1) held |= EMPTY.endText | EMPTY.endLine;
  if (byte === 10) held |= EMPTY.endLine;
  const before = (place & LAST_WORD) !== 0;
  const behind = byte !== -1 && isWordByte(byte);
  held |= before === behind ? EMPTY.noWord : EMPTY.word;
  return held;
}
