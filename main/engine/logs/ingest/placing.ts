import { CLOCK_OFF_MS, DAY_MS, dayName, FLAG } from '../model.ts';
import type { TailedFile } from '../tail/file.ts';

/** A line without a stamp belongs to the stamped one before it when they arrived this close together. */
const TOGETHER_MS = 10_000;
/** Days into the future from which a line is not given a day file of its own. */
const STRAY_AHEAD_MS = 2 * DAY_MS;
const STRAY_BEFORE_MS = Date.UTC(1990, 0, 1);
/** A file may change its day file this often at once, and again for each this many lines more. */
export const SWITCHES = 32;
const LINES_PER_SWITCH = 64;

/** Names days without making a Date for each line. */
const dayNames = new Map<number, string>();

/** The name of the UTC day of a time. */
function dayOf(time: number): string {
  const index = Math.floor(time / DAY_MS);
  let name = dayNames.get(index);
  if (name === undefined) {
    if (dayNames.size > 1000) dayNames.clear();
    name = dayName(time);
    dayNames.set(index, name);
  }
  return name;
}

/**
 * Decides time, flags and day file of one line after the other, of what was read of a file at one time. What the file
 * remembers of it is brought up to date by {@link end}.
 */
export class Placing {
  readonly #file: TailedFile;
  readonly #nowMs: number;
  /** Before this, a line is late. */
  readonly #lateMs: number;
  readonly #futureMs: number;
  #day: string | null;
  /** The times of {@link day}, where it needs no second thought. */
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  #switches: number;
  #stayed = 0;
  #stamp: number | null = null;
  /** Time and flags of the line that was {@link timed} last. */
  time = 0;
  flags = 0;

  constructor(file: TailedFile, nowMs: number) {
    this.#file = file;
    this.#nowMs = nowMs;
    this.#futureMs = nowMs + CLOCK_OFF_MS;
    this.#lateMs = file.caughtUpAt === null ? Number.NEGATIVE_INFINITY : file.caughtUpAt - CLOCK_OFF_MS;
    this.#day = file.day;
    this.#switches = file.switches;
  }

  /** The day file to which the lines go at present. */
  get day(): string {
    this.#day ??= dayOf(this.#nowMs);
    return this.#day;
  }

  /** Decides the time of a line by its stamp, if it has one that can be believed, and what is to be said of it. */
  timed(stamp: number | null): void {
    if (stamp === null || !Number.isSafeInteger(stamp)) {
      this.flags = FLAG.noTime;
      this.time = this.#timeWithoutStamp();
      return;
    }
    this.#stamp = stamp;
    this.time = stamp;
    this.flags = stamp > this.#futureMs ? FLAG.future : stamp < this.#lateMs ? FLAG.late : 0;
  }

  #timeWithoutStamp(): number {
    if (this.#stamp !== null) return this.#stamp;
    const { lastStamp, caughtUpAt } = this.#file;
    if (lastStamp === null) return this.#nowMs;
    return caughtUpAt === null || this.#nowMs - lastStamp.readAt <= TOGETHER_MS
      ? lastStamp.time
      : this.#nowMs;
  }

  /** Whether a line of this time goes to the present day file. */
  stays(time: number): boolean {
    if (time >= this.#from && time < this.#to) {
      this.#stayed += 1;
      return true;
    }
    if (this.#wanted(time) !== this.#day) return false;
    this.#stayed += 1;
    if (!this.#isStray(time) && dayOf(time) === this.#day) this.#know(time);
    return true;
  }

  /** Notes the times that belong to the day of a time, without those that are strays. */
  #know(time: number): void {
    const from = Math.floor(time / DAY_MS) * DAY_MS;
    this.#from = Math.max(from, STRAY_BEFORE_MS);
    this.#to = Math.min(from + DAY_MS, this.#nowMs + STRAY_AHEAD_MS);
  }

  /** Goes on with the day file of a line that does not stay. */
  goOn(time: number): void {
    this.#earn();
    this.#day = this.#wanted(time);
    this.#switches -= 1;
    this.#to = Number.NEGATIVE_INFINITY;
  }

  /** Lines that stay earn further changes, up to a bound. */
  #earn(): void {
    this.#switches = Math.min(SWITCHES, this.#switches + this.#stayed / LINES_PER_SWITCH);
    this.#stayed = 0;
  }

  #isStray(time: number): boolean {
    return time > this.#nowMs + STRAY_AHEAD_MS || time < STRAY_BEFORE_MS;
  }

  #wanted(time: number): string {
    if (this.#isStray(time)) return this.#day ?? dayOf(this.#nowMs);
    const day = dayOf(time);
    if (this.#day === null || day === this.#day) return day;
    this.#earn();
    return this.#switches >= 1 ? day : this.#day;
  }

  /** Tells the file what it has to remember. */
  end(): void {
    this.#earn();
    this.#file.day = this.#day;
    this.#file.switches = this.#switches;
    if (this.#stamp !== null) this.#file.lastStamp = { time: this.#stamp, readAt: this.#nowMs };
  }
}
