import type { TextParams } from '#shared/errors/index.ts';
import { refuse } from './failure.ts';
import type { Reason } from './reasons.ts';
import { KEYWORDS, type Token, type TokenKind } from './tokens.ts';

const BLANK = /[ \t\n\r]/;
const WORD = /[a-zA-Z0-9_]/;
const DIGIT = /[0-9]/;
const PAIRS: ReadonlySet<string> = new Set(['==', '!=', '<=', '>=', '=~', '!~']);
const SINGLES: ReadonlySet<string> = new Set([...'()[],:@+-*/%^<>']);

/**
 * Cuts an expression into tokens as Prometheus 2.42's lexer does; the last one is `end`.
 *
 * Braces and brackets have a language of their own inside: between braces words are labels, never keywords, and right
 * after a bracket there must be a duration.
 */
export class Lexer {
  readonly #text: string;
  #at = 0;
  #start = 0;
  #inBraces = false;
  #inBrackets = false;
  #seenColon = false;
  #parens = 0;
  readonly #tokens: Token[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** @throws PromqlFailure at the first character that belongs to no token */
  tokens(): readonly Token[] {
    while (this.#skipBlanks()) {
      this.#start = this.#at;
      if (this.#inBraces) this.#inside();
      else this.#statement();
    }
    this.#start = this.#at;
    if (this.#inBraces) this.#refuse('ENDS_IN_BRACES');
    if (this.#inBrackets) this.#refuse('ENDS_IN_BRACKETS');
    if (this.#parens > 0) this.#refuse('PAREN_OPEN');
    this.#emit('end');
    return this.#tokens;
  }

  /** Skips blanks and comments; false at the end. */
  #skipBlanks(): boolean {
    for (;;) {
      const char = this.#peek();
      if (char === '#') while (this.#at < this.#text.length && this.#peek() !== '\n') this.#at++;
      else if (BLANK.test(char)) this.#at++;
      else return this.#at < this.#text.length;
    }
  }

  #statement(): void {
    const char = this.#peek();
    if (char === '{') {
      this.#inBraces = true;
      this.#take(1, '{');
    } else if (char === '"' || char === "'" || char === '`') this.#string(char);
    else if (DIGIT.test(char) || (char === '.' && DIGIT.test(this.#peek(1)))) this.#numberOrDuration();
    else if (/[a-zA-Z_]/.test(char) || (char === ':' && !this.#inBrackets)) this.#word();
    else this.#operator(char);
  }

  #operator(char: string): void {
    const pair = char + this.#peek(1);
    if (pair === '=~' || pair === '!~') this.#unexpected(pair);
    if (PAIRS.has(pair)) {
      this.#take(2, pair as TokenKind);
      return;
    }
    if (char === '=') {
      this.#take(1, '=');
      return;
    }
    if (!SINGLES.has(char)) this.#unexpected(char);
    if (char === '(') this.#parens++;
    if (char === ')' && --this.#parens < 0) this.#unexpected(char);
    if (char === ']' && !this.#inBrackets) this.#unexpected(char);
    if (char === ']') this.#inBrackets = false;
    if (char === ':') {
      if (!this.#inBrackets || this.#seenColon) this.#unexpected(char);
      this.#seenColon = true;
    }
    if (char === '[' && this.#inBrackets) this.#unexpected(char);
    this.#take(1, char as TokenKind);
    if (char === '[') {
      this.#inBrackets = true;
      this.#seenColon = false;
      this.#skipBlanks();
      this.#start = this.#at;
      if (this.#number()) this.#refuse('NO_UNIT');
      if (!this.#durationRest())
        this.#refuse('BAD_DURATION', { text: this.#text.slice(this.#start, this.#at + 1) });
      this.#emit('duration');
    }
  }

  #word(): void {
    while (/[a-zA-Z0-9_:]/.test(this.#peek())) this.#at++;
    const word = this.#text.slice(this.#start, this.#at);
    const lower = word.toLowerCase();
    if (lower === 'inf' || lower === 'nan') this.#emit('number');
    else if (KEYWORDS.has(lower)) this.#emit('keyword');
    else this.#emit(word.includes(':') ? 'metric' : 'identifier');
  }

  /** Between braces: label names, matching operators, strings. */
  #inside(): void {
    const char = this.#peek();
    if (/[a-zA-Z_]/.test(char)) {
      while (WORD.test(this.#peek())) this.#at++;
      this.#emit('identifier');
    } else if (char === '"' || char === "'" || char === '`') this.#string(char);
    else if (char === ',') this.#take(1, ',');
    else if (char === '}') {
      this.#inBraces = false;
      this.#take(1, '}');
    } else if (char === '=') this.#take(this.#peek(1) === '~' ? 2 : 1, this.#peek(1) === '~' ? '=~' : '=');
    else if (char === '!' && this.#peek(1) === '=') this.#take(2, '!=');
    else if (char === '!' && this.#peek(1) === '~') this.#take(2, '!~');
    else this.#refuse('UNEXPECTED_IN_BRACES', { text: JSON.stringify(char) });
  }

  #string(quote: string): void {
    this.#at++;
    for (;;) {
      const char = this.#peek();
      if (char === '' || (char === '\n' && quote !== '`')) this.#refuse('STRING_OPEN');
      this.#at++;
      if (char === quote) break;
      if (char === '\\' && quote !== '`') this.#at++;
    }
    this.#emit('string');
  }

  #numberOrDuration(): void {
    if (this.#number()) this.#emit('number');
    else if (this.#durationRest()) this.#emit('duration');
    else this.#refuse('NEITHER', { text: this.#text.slice(this.#start, this.#at + 1) });
  }

  /** Reads the characters of a number; whether one ends here. */
  #number(): boolean {
    let digits = DIGIT;
    if (this.#peek() === '0' && /[xX]/.test(this.#peek(1))) {
      this.#at += 2;
      digits = /[0-9a-fA-F]/;
    }
    while (digits.test(this.#peek())) this.#at++;
    if (this.#peek() === '.') {
      this.#at++;
      while (digits.test(this.#peek())) this.#at++;
    }
    if (/[eE]/.test(this.#peek())) {
      this.#at++;
      if (/[+-]/.test(this.#peek())) this.#at++;
      while (DIGIT.test(this.#peek())) this.#at++;
    }
    return this.#at > this.#start && !WORD.test(this.#peek());
  }

  /** Reads the units, and more digits and units, behind the first number of a duration. */
  #durationRest(): boolean {
    let units = /[smhdwy]/;
    do {
      while (DIGIT.test(this.#peek())) this.#at++;
      if (!units.test(this.#peek())) return false;
      this.#at++;
      if (this.#peek() === 's') this.#at++;
      units = /[smhdw]/;
    } while (DIGIT.test(this.#peek()));
    return !WORD.test(this.#peek());
  }

  #peek(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? '';
  }

  #take(length: number, kind: TokenKind): void {
    this.#at += length;
    this.#emit(kind);
  }

  #emit(kind: TokenKind): void {
    this.#tokens.push({ kind, text: this.#text.slice(this.#start, this.#at), at: this.#start });
  }

  #unexpected(text: string): never {
    this.#refuse('UNEXPECTED_TEXT', { text: JSON.stringify(text) });
  }

  #refuse(reason: Reason, params: TextParams = {}): never {
    refuse(this.#start, reason, params);
  }
}
