import { type Bilingual, fillText, type TextParams } from '#shared/errors/index.ts';
import { parseNumber } from './number.ts';
import { REASONS, type Reason } from './reasons.ts';
import {
  ENTRY,
  type Entry,
  type ExpositionParser,
  hasTwice,
  helpOf,
  LONGEST_TEXT,
  labelNameEnd,
  MOST_LABELS,
  metricNameEnd,
  pairsAt,
  textOf,
  unescapeValue,
  validUtf8,
} from './types.ts';

const NEWLINE = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;

const TYPES = new Set([
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
]);

/**
 * OpenMetrics 1.0 text, with the verdicts of Prometheus 2.42: strict in its characters (one space, no tabs, no blank
 * lines, `# EOF` at the end), lax in what families may hold.
 */
export class OpenMetricsParser implements ExpositionParser {
  readonly #body: Uint8Array;
  readonly #end: number;
  #nameEnd = 0;
  #offsets: number[] = [];
  pos = 0;
  seriesStart = 0;
  seriesEnd = 0;
  value = 0;
  hasTime = false;
  time = 0;
  metaName = '';
  metaText = '';
  error: Bilingual = { zh: '', en: '' };

  constructor(body: Uint8Array) {
    this.#body = body;
    this.#end = body.length;
  }

  next(): Entry {
    const body = this.#body;
    const at = this.pos;
    if (at >= this.#end) return this.#fail('NO_EOF');
    if (body[at] === HASH) return this.#hash(at);
    const nameEnd = metricNameEnd(body, at);
    if (nameEnd === at) return this.#fail('NAME_OR_HASH_SPACE');
    this.seriesStart = at;
    this.#nameEnd = nameEnd;
    this.#offsets = [];
    if (body[nameEnd] !== BRACE_OPEN) return this.sampleAfter(nameEnd);
    const end = this.#labels(nameEnd + 1, this.#offsets, false);
    return end < 0 ? ENTRY.error : this.sampleAfter(end);
  }

  sampleAfter(end: number): Entry {
    this.seriesEnd = end;
    let at = this.#word(end);
    if (at < 0) return this.#fail('SPACE_AND_VALUE', end);
    const value = parseNumber(this.#body, end + 1, at);
    if (value === null) return this.#fail('NOT_A_NUMBER', end, { text: this.#shown(end + 1, at) });
    this.value = value;
    this.hasTime = false;
    if (this.#body[at] === SPACE && !this.#exemplarAt(at)) {
      const timeEnd = this.#word(at);
      const seconds = timeEnd < 0 ? null : parseNumber(this.#body, at + 1, timeEnd);
      if (seconds === null || !Number.isFinite(seconds)) return this.#fail('TIME_SECONDS_EXPECTED', at);
      this.hasTime = true;
      this.time = Math.trunc(seconds * 1000);
      at = timeEnd;
    }
    if (this.#exemplarAt(at)) {
      at = this.#exemplar(at + 4);
      if (at < 0) return ENTRY.error;
    }
    return this.#lineEnd(at, ENTRY.series);
  }

  pairs(twice = false): readonly (readonly [string, string])[] | null {
    const pairs = pairsAt(this.#body, this.seriesStart, this.#nameEnd, this.#offsets);
    if (twice || !hasTwice(pairs)) return pairs;
    this.refuseTwice();
    return null;
  }

  refuseTwice(): void {
    this.#fail('LABEL_TWICE', this.seriesStart);
  }

  /** Checks an exemplar from after its brace and returns where it ends, or -1. Exemplars are not kept. */
  #exemplar(from: number): number {
    const name = this.#seriesName();
    if (!name.endsWith('_total') && !name.endsWith('_bucket'))
      return this.#failAt('NO_EXEMPLARS', from, { name });
    const close = this.#labels(from, [], true);
    if (close < 0) return -1;
    const valueEnd = this.#word(close);
    if (valueEnd < 0 || parseNumber(this.#body, close + 1, valueEnd) === null)
      return this.#failAt('EXEMPLAR_VALUE', close);
    if (this.#body[valueEnd] !== SPACE) return valueEnd;
    const timeEnd = this.#word(valueEnd);
    const seconds = timeEnd < 0 ? null : parseNumber(this.#body, valueEnd + 1, timeEnd);
    if (seconds === null || !Number.isFinite(seconds)) return this.#failAt('EXEMPLAR_TIME', valueEnd);
    return timeEnd;
  }

  /** The metric's name, also when the series part was recognised without being read. */
  #seriesName(): string {
    return textOf(this.#body, this.seriesStart, metricNameEnd(this.#body, this.seriesStart));
  }

  #exemplarAt(at: number): boolean {
    const body = this.#body;
    return (
      body[at] === SPACE && body[at + 1] === HASH && body[at + 2] === SPACE && body[at + 3] === BRACE_OPEN
    );
  }

  #labels(from: number, offsets: number[], inExemplar: boolean): number {
    const body = this.#body;
    let at = from;
    if (body[at] === BRACE_CLOSE) return at + 1;
    for (;;) {
      const nameEnd = labelNameEnd(body, at);
      if (nameEnd === at) return this.#failAt('LABEL_NAME', at);
      if (body[nameEnd] !== EQUALS) return this.#failAt('EQUALS', nameEnd);
      const quote = nameEnd + 1;
      if (body[quote] !== QUOTE) return this.#failAt('QUOTED_VALUE', quote);
      const close = this.#closingQuote(quote + 1);
      if (close < 0) return this.#failAt('QUOTES_OPEN', quote);
      let last = close;
      if (inExemplar) {
        if (body.subarray(quote, close).includes(0)) return this.#failAt('ZERO_BYTE', quote);
      } else while (body[last + 1] === 0) last++;
      if (!validUtf8(body, quote + 1, last)) return this.#failAt('VALUE_NOT_UTF8', quote);
      offsets.push(at, nameEnd, quote + 1, last);
      if (offsets.length > 4 * MOST_LABELS) return this.#failAt('MANY_LABELS', at);
      at = last + 1;
      if (body[at] === BRACE_CLOSE) return at + 1;
      if (body[at] !== COMMA) return this.#failAt('COMMA_OR_BRACE', at);
      at++;
    }
  }

  #closingQuote(from: number): number {
    const most = Math.min(this.#end, from + LONGEST_TEXT);
    for (let at = from; at < most; at++) {
      const byte = this.#body[at];
      if (byte === QUOTE) return at;
      if (byte === BACKSLASH) at++;
      if (this.#body[at] === NEWLINE) return -1;
    }
    return -1;
  }

  #hash(hash: number): Entry {
    const body = this.#body;
    const keyword = this.#shown(hash, hash + 5);
    if (keyword === '# EOF') {
      const after = body[hash + 5] === NEWLINE ? hash + 6 : hash + 5;
      const isZeroLast = after === this.#end - 1 && body[after] === 0;
      if (after < this.#end && !isZeroLast) return this.#fail('AFTER_EOF', after);
      this.pos = this.#end;
      return ENTRY.end;
    }
    const kind =
      keyword === '# HEL' ? 'HELP' : keyword === '# TYP' ? 'TYPE' : keyword === '# UNI' ? 'UNIT' : null;
    if (kind === null || this.#shown(hash + 2, hash + 7) !== `${kind} `) return this.#fail('HASH_LINES');
    const nameEnd = metricNameEnd(body, hash + 7);
    if (nameEnd === hash + 7) return this.#fail('NAME_AFTER', nameEnd, { keyword: kind });
    const lineEnd = body.indexOf(NEWLINE, nameEnd);
    if (body[nameEnd] !== SPACE || lineEnd < 0) return this.#fail('TEXT_EXPECTED', nameEnd);
    this.metaName = textOf(body, hash + 7, nameEnd);
    this.pos = lineEnd + 1;
    return this.#meta(kind, nameEnd + 1, lineEnd);
  }

  #meta(kind: 'HELP' | 'TYPE' | 'UNIT', from: number, to: number): Entry {
    if (kind === 'HELP') {
      if (!validUtf8(this.#body, from, to)) return this.#fail('HELP_NOT_UTF8', from);
      this.metaText = unescapeValue(helpOf(this.#body, from, to));
      return ENTRY.help;
    }
    this.metaText = textOf(this.#body, from, to);
    if (kind === 'TYPE') {
      if (!TYPES.has(this.metaText))
        return this.#fail('NOT_A_TYPE', from, { text: this.metaText.slice(0, 60) });
      return ENTRY.type;
    }
    if (this.metaText !== '' && !this.metaName.endsWith(`_${this.metaText}`))
      return this.#fail('UNIT_MISMATCH', from);
    return ENTRY.unit;
  }

  /** The end of the word that one space introduces at `at`, or -1. */
  #word(at: number): number {
    const body = this.#body;
    if (body[at] !== SPACE) return -1;
    let end = at + 1;
    while (end < this.#end && body[end] !== SPACE && body[end] !== NEWLINE) end++;
    return end === at + 1 ? -1 : end;
  }

  #lineEnd(at: number, entry: Entry): Entry {
    if (at >= this.#end) return this.#fail('NO_EOF', at);
    if (this.#body[at] !== NEWLINE) return this.#fail('LINE_END', at);
    this.pos = at + 1;
    return entry;
  }

  #shown(from: number, to: number): string {
    return textOf(this.#body, from, Math.min(to, from + 60, this.#end));
  }

  #fail(reason: Reason, at = this.pos, params: TextParams = {}): Entry {
    this.error = fillText(REASONS[reason], params);
    this.pos = at;
    return ENTRY.error;
  }

  #failAt(reason: Reason, at: number, params: TextParams = {}): number {
    this.#fail(reason, at, params);
    return -1;
  }
}
