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
  unescapeHelp,
  validUtf8,
} from './types.ts';

const TAB = 0x09;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;

/** The largest number of 64 bits with a sign. */
const MOST_DIGITS = '9223372036854775807';

const TYPES = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);

/**
 * Prometheus's text format 0.0.4, with the verdicts of Prometheus 2.42 also where its grammar is looser than the
 * format's description: labels need no comma between them, the value may follow the brace at once, a line break may
 * stand inside quotes, a zero byte at a line's start ends the document.
 */
export class TextFormatParser implements ExpositionParser {
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
    let at = this.pos;
    for (;;) {
      if (at >= this.#end) return ENTRY.end;
      const byte = body[at];
      if (byte !== NEWLINE && byte !== SPACE && byte !== TAB) break;
      at++;
    }
    this.pos = at;
    const byte = body[at] ?? 0;
    if (byte === 0) return ENTRY.end;
    if (byte === HASH) return this.#comment(at);
    const nameEnd = metricNameEnd(body, at);
    if (nameEnd === at) return this.#fail('NAME_EXPECTED');
    this.seriesStart = at;
    this.#nameEnd = nameEnd;
    this.#offsets = [];
    const brace = this.#blanks(nameEnd);
    if (body[brace] !== BRACE_OPEN) return this.sampleAfter(nameEnd);
    const end = this.#labels(brace + 1);
    return end < 0 ? ENTRY.error : this.sampleAfter(end);
  }

  sampleAfter(end: number): Entry {
    const body = this.#body;
    this.seriesEnd = end;
    let at = this.#blanks(end);
    const valueStart = at;
    for (; at < this.#end; at++) {
      const byte = body[at];
      if (byte === SPACE || byte === NEWLINE || byte === TAB || byte === BRACE_OPEN) break;
    }
    if (at === valueStart) return this.#fail('VALUE_EXPECTED', at);
    const value = parseNumber(body, valueStart, at);
    if (value === null) return this.#fail('NOT_A_NUMBER', valueStart, { text: this.#shown(valueStart, at) });
    this.value = value;
    this.hasTime = false;
    at = this.#blanks(at);
    if (at < this.#end && body[at] !== NEWLINE) {
      const timeStart = at;
      let time = 0;
      for (; at < this.#end; at++) {
        const digit = (body[at] ?? 0) - 0x30;
        if (digit < 0 || digit > 9) break;
        time = time * 10 + digit;
      }
      if (at === timeStart || this.#beyondInt64(timeStart, at))
        return this.#fail('TIME_MS_EXPECTED', timeStart);
      at = this.#blanks(at);
      if (at < this.#end && body[at] !== NEWLINE) return this.#fail('AFTER_TIME', at);
      this.hasTime = true;
      this.time = time;
    }
    this.pos = at + 1;
    return ENTRY.series;
  }

  pairs(twice = false): readonly (readonly [string, string])[] | null {
    // Blanks before a name become part of it in Prometheus, which then refuses the name, after counting the sample.
    const before = this.#body[this.seriesStart - 1];
    if (before === SPACE || before === TAB) {
      this.#fail('BLANK_BEFORE_NAME', this.seriesStart);
      return null;
    }
    const pairs = pairsAt(this.#body, this.seriesStart, this.#nameEnd, this.#offsets);
    if (twice || !hasTwice(pairs)) return pairs;
    this.refuseTwice();
    return null;
  }

  refuseTwice(): void {
    this.#fail('LABEL_TWICE', this.seriesStart);
  }

  /** Reads `name="value",…}` from after the brace; the position after the closing one, or -1. */
  #labels(from: number): number {
    const body = this.#body;
    let at = this.#blanks(from);
    while (body[at] !== BRACE_CLOSE) {
      const nameEnd = labelNameEnd(body, at);
      if (nameEnd === at) return this.#failLabels('LABEL_NAME', at);
      const equals = this.#blanks(nameEnd);
      if (body[equals] !== EQUALS) return this.#failLabels('EQUALS', equals);
      const quote = this.#blanks(equals + 1);
      if (body[quote] !== QUOTE) return this.#failLabels('QUOTED_VALUE', quote);
      const close = this.#closingQuote(quote + 1);
      if (close < 0) return this.#failLabels('QUOTES_OPEN', quote);
      // Zero bytes after the quotes belong to the value, in which they are nothing: the last of them closes it.
      let last = close;
      while (body[last + 1] === 0) last++;
      if (!validUtf8(body, quote + 1, last)) return this.#failLabels('VALUE_NOT_UTF8', quote);
      this.#offsets.push(at, nameEnd, quote + 1, last);
      if (this.#offsets.length > 4 * MOST_LABELS) return this.#failLabels('MANY_LABELS', at);
      at = this.#blanks(last + 1);
      if (body[at] === COMMA) at = this.#blanks(at + 1);
    }
    return at + 1;
  }

  #closingQuote(from: number): number {
    const most = Math.min(this.#end, from + LONGEST_TEXT);
    for (let at = from; at < most; at++) {
      const byte = this.#body[at];
      if (byte === QUOTE) return at;
      if (byte === BACKSLASH) {
        at++;
        if (this.#body[at] === NEWLINE) return -1;
      }
    }
    return -1;
  }

  #comment(hash: number): Entry {
    const body = this.#body;
    const word = this.#blanks(hash + 1);
    let lineEnd = body.indexOf(NEWLINE, hash);
    if (lineEnd < 0) lineEnd = this.#end;
    if (word > hash + 1) {
      if (body[word] === 0) {
        this.pos = this.#end;
        return ENTRY.end;
      }
      const keyword = this.#shown(word, word + 4);
      const after = body[word + 4];
      if ((keyword === 'HELP' || keyword === 'TYPE') && (after === SPACE || after === TAB)) {
        let nameStart = this.#blanks(word + 4);
        // Zero bytes count as nothing here, as in Prometheus.
        while (body[nameStart] === 0) nameStart = this.#blanks(nameStart + 1);
        const nameEnd = metricNameEnd(body, nameStart);
        if (nameEnd === nameStart || body[nameEnd] === 0)
          return this.#fail('NAME_AFTER', nameStart, { keyword });
        this.metaName = textOf(body, nameStart, nameEnd);
        // Exactly one character separates name and text; a second blank belongs to the text.
        return this.#meta(keyword, Math.min(nameEnd + 1, lineEnd), lineEnd);
      }
    } else if (body.subarray(hash, lineEnd).includes(0)) {
      this.pos = this.#end;
      return ENTRY.end;
    }
    this.pos = lineEnd + 1;
    return ENTRY.comment;
  }

  #meta(keyword: string, from: number, to: number): Entry {
    if (keyword === 'HELP') {
      if (!validUtf8(this.#body, from, to)) return this.#fail('HELP_NOT_UTF8', from);
      this.metaText = unescapeHelp(helpOf(this.#body, from, to));
      this.pos = to + 1;
      return ENTRY.help;
    }
    const text = this.#shown(from, to);
    if (!TYPES.has(text)) return this.#fail('NOT_A_TYPE', from, { text });
    this.metaText = text;
    this.pos = to + 1;
    return ENTRY.type;
  }

  /** Whether digits make a number that 64 bits with a sign do not hold; beyond 2^53 `time` itself is only near. */
  #beyondInt64(from: number, to: number): boolean {
    if (to - from < MOST_DIGITS.length) return false;
    const digits = textOf(this.#body, from, to).replace(/^0+/, '');
    return (
      digits.length > MOST_DIGITS.length || (digits.length === MOST_DIGITS.length && digits > MOST_DIGITS)
    );
  }

  #blanks(from: number): number {
    let at = from;
    while (this.#body[at] === SPACE || this.#body[at] === TAB) at++;
    return at;
  }

  /** A short piece of the body for an error's text. */
  #shown(from: number, to: number): string {
    return textOf(this.#body, from, Math.min(to, from + 60, this.#end));
  }

  #fail(reason: Reason, at = this.pos, params: TextParams = {}): Entry {
    this.error = fillText(REASONS[reason], params);
    this.pos = at;
    return ENTRY.error;
  }

  #failLabels(reason: Reason, at: number): number {
    this.#fail(reason, at);
    return -1;
  }
}
