import type { BuiltInFormat } from './parser.ts';
import { createParser } from './parser.ts';

/** The share of lines that must have a format for it to be taken; stack traces make `time-level` files sparse. */
const WANTED: Readonly<Record<Exclude<BuiltInFormat, 'plain'>, number>> = {
  json: 0.6,
  // Unlike any other line, and between long traces of goroutines.
  klog: 0.3,
  access: 0.6,
  'web-error': 0.4,
  syslog: 0.6,
  logfmt: 0.6,
  'time-level': 0.2,
  python: 0.2,
  kv: 0.8,
};
/** A single pair in a line of text is no format. */
const LEAST_PAIRS = 3;
/** Lines of pairs with a time in front, of firewalls for example, have no level beside the pairs. */
const FEW_LEVELS = 0.2;
/** Lines after which a format counts as settled. */
const SETTLED = 50;
/** Lines looked back on when judging whether a settled format still fits. */
const WINDOW = 200;

/** Picks the built-in format of sample lines (not empty); `plain` when none of the others fits. */
export function detectFormat(lines: readonly string[], zone: string, nearMs: number): BuiltInFormat {
  const sample = lines.filter((line) => line.trim() !== '');
  if (sample.length === 0) return 'plain';
  for (const [format, share] of Object.entries(WANTED) as [Exclude<BuiltInFormat, 'plain'>, number][])
    if (shareOf(format, sample, zone, nearMs) >= share)
      return format === 'time-level' && isPairs(sample, zone, nearMs) ? 'kv' : format;
  return 'plain';
}

function isPairs(sample: readonly string[], zone: string, nearMs: number): boolean {
  const parser = createParser({ spec: 'time-level', zone });
  if (!parser.ok) return false;
  const withLevel = sample.filter((line) => (parser.value.parse(line, nearMs)?.level ?? null) !== null);
  return withLevel.length < FEW_LEVELS * sample.length && shareOf('kv', sample, zone, nearMs) >= WANTED.kv;
}

/** The share of sample lines that have a built-in format, 0…1. */
export function shareOf(
  format: BuiltInFormat,
  sample: readonly string[],
  zone: string,
  nearMs: number,
): number {
  const parser = createParser({ spec: format, zone });
  if (!parser.ok || sample.length === 0) return 0;
  const matched = sample.filter((line) => {
    const parsed = parser.value.parse(line, nearMs);
    return parsed !== null && (format !== 'kv' || Object.keys(parsed.fields).length >= LEAST_PAIRS);
  });
  return matched.length / sample.length;
}

/**
 * Finds the format of one file while it is read. It decides at the first lines, decides again with more until the
 * sample is large enough, and starts over when hardly any line of the last ones fitted.
 */
export class FormatGuess {
  readonly #zone: string;
  #sample: string[] = [];
  #format: BuiltInFormat | null = null;
  #seen = 0;
  #unmatched = 0;

  constructor(zone: string) {
    this.#zone = zone;
  }

  /** The format found so far; null before the first line. */
  get format(): BuiltInFormat | null {
    return this.#format;
  }

  /** The format, once it is settled for the time being: then no line need be looked at. */
  get settled(): BuiltInFormat | null {
    return this.#sample.length >= SETTLED ? this.#format : null;
  }

  /** Shows the guess the lines about to be parsed; returns the format to parse them with. */
  look(lines: Iterable<string>, nearMs: number): BuiltInFormat {
    if (this.#format !== null && this.#sample.length >= SETTLED) return this.#format;
    for (const line of lines) {
      if (this.#sample.length >= SETTLED) break;
      if (line.trim() !== '') this.#sample.push(line.slice(0, 4096));
    }
    this.#format = detectFormat(this.#sample, this.#zone, nearMs);
    return this.#format;
  }

  /** Tells the guess how its format fared on a run of lines. */
  fared(lines: number, unmatched: number): void {
    this.#seen += lines;
    this.#unmatched += unmatched;
    if (this.#seen < WINDOW) return;
    const floor = this.#format === 'time-level' ? 0.95 : 0.8;
    // `plain` fits every line, so it is looked at anew each time the window is full.
    if (this.#format === 'plain' || this.#unmatched / this.#seen > floor) this.#sample = [];
    this.#seen = 0;
    this.#unmatched = 0;
  }
}
