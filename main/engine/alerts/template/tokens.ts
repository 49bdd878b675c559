import { TemplateFault } from './fault.ts';

/** Kinds of tokens inside and outside of actions. */
export type TokenKind =
  | 'text'
  | 'left'
  | 'right'
  | 'space'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'dot'
  | 'nil'
  | 'bool'
  | 'number'
  | 'string'
  | 'rawString'
  | 'charConstant'
  | 'pipe'
  | 'assign'
  | 'declare'
  | 'char'
  | 'leftParen'
  | 'rightParen'
  | 'eof'
  | 'error';

/** A token; `at` is its place in the template's text, `line` is counted from 1. */
export type Token = {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
  readonly line: number;
};

const KEYWORDS = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
]);
const SPACE = /[ \t\r\n]/;
const WORD = /[\p{L}\p{Nd}_]/u;

/** A token as Go's parser names it in its messages. */
export function tokenText({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF';
  if (kind === 'error') return text;
  if (kind === 'keyword') return `<${text}>`;
  return [...text].length > 10 ? `${goQuote([...text].slice(0, 10).join(''))}...` : goQuote(text);
}

/** A text in double quotes, as Go's %q writes it. */
export function goQuote(text: string): string {
  let out = '"';
  for (const char of text) {
    const escaped = ESCAPES[char];
    const code = char.codePointAt(0) ?? 0;
    if (escaped !== undefined) out += escaped;
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char)) out += char;
    else
      out +=
        code > 0xffff
          ? `\\U${code.toString(16).padStart(8, '0')}`
          : `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return `${out}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/**
 * Cuts a template into tokens as Go's `text/template/parse` does: delimiters `{{` and `}}`, trim markers, comments.
 *
 * A fault of the text is a token of its own, which counts when the parser comes to it: what stands before is parsed first.
 */
export class Lexer {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #inAction = false;
  #parens = 0;
  #fault: Token | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next token; `eof` or what is wrong for ever after the last. */
  next(): Token {
    if (this.#fault !== null) return this.#fault;
    try {
      return this.#inAction ? this.#actionToken() : this.#textToken();
    } catch (thrown) {
      if (!(thrown instanceof TemplateFault)) throw thrown;
      return this.#wrong(thrown.message);
    }
  }

  #fail(message: string): never {
    throw new TemplateFault(message);
  }

  /** From now on there is nothing but this. */
  #wrong(text: string): Token {
    this.#fault = { kind: 'error', text, at: this.#at, line: this.#line };
    return this.#fault;
  }

  #take(kind: TokenKind, length: number): Token {
    const text = this.#text.slice(this.#at, this.#at + length);
    const token = { kind, text, at: this.#at, line: this.#line };
    this.#skip(length);
    return token;
  }

  #skip(length: number): void {
    for (let at = this.#at; at < this.#at + length; at += 1) if (this.#text[at] === '\n') this.#line += 1;
    this.#at += length;
  }

  #textToken(): Token {
    for (;;) {
      const start = this.#at;
      const open = this.#text.indexOf('{{', start);
      const end = open < 0 ? this.#text.length : open;
      const trims = open >= 0 && this.#text[open + 2] === '-' && SPACE.test(this.#text[open + 3] ?? '');
      let kept = end;
      if (trims) while (kept > start && SPACE.test(this.#text[kept - 1] ?? '')) kept -= 1;
      if (kept > start) {
        const token = this.#take('text', kept - start);
        this.#skip(end - kept);
        return token;
      }
      this.#skip(end - start);
      if (open < 0) return this.#take('eof', 0);
      if (!this.#text.startsWith('/*', open + (trims ? 4 : 2))) {
        this.#inAction = true;
        this.#parens = 0;
        const token = this.#take('left', 2);
        this.#skip(trims ? 2 : 0);
        return token;
      }
      this.#comment(trims);
    }
  }

  #comment(trims: boolean): void {
    this.#skip(trims ? 4 : 2);
    const close = this.#text.indexOf('*/', this.#at);
    if (close < 0) this.#fail('unclosed comment');
    this.#skip(close + 2 - this.#at);
    if (/^[ \t\r\n]-\}\}/.test(this.#text.slice(this.#at, this.#at + 4))) this.#afterTrim(4);
    else if (this.#text.startsWith('}}', this.#at)) this.#skip(2);
    else this.#fail('comment ends before closing delimiter');
  }

  /** Leaves an action whose right delimiter trims the text behind it. */
  #afterTrim(length: number): void {
    this.#skip(length);
    while (SPACE.test(this.#text[this.#at] ?? '')) this.#skip(1);
  }

  #actionToken(): Token {
    const rest = this.#text.slice(this.#at, this.#at + 4);
    const trims = /^[ \t\r\n]-\}\}/.test(rest);
    if (trims || rest.startsWith('}}')) {
      if (this.#parens > 0) this.#fail('unclosed left paren');
      this.#inAction = false;
      const token = { kind: 'right' as const, text: '}}', at: this.#at + (trims ? 2 : 0), line: this.#line };
      if (trims) this.#afterTrim(4);
      else this.#skip(2);
      return token;
    }
    const char = rest[0];
    if (char === undefined) this.#fail('unclosed action');
    if (SPACE.test(char)) return this.#space();
    if (rest.startsWith(':=')) return this.#take('declare', 2);
    if (rest[0] === ':') this.#fail('expected :=');
    const single = SINGLE[char];
    if (single !== undefined) return this.#take(single, 1);
    if (char === '"') return this.#quoted('string', '"', 'unterminated quoted string');
    if (char === "'") return this.#quoted('charConstant', "'", 'unterminated character constant');
    if (char === '`') return this.#raw();
    if (char === '$') return this.#fieldOrVariable('variable');
    if (char === '.' && !/[0-9]/.test(rest[1] ?? '')) return this.#fieldOrVariable('field');
    if (/[.0-9+-]/.test(char)) return this.#number();
    return this.#wordOrChar();
  }

  #wordOrChar(): Token {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    if (WORD.test(char)) return this.#word();
    if (char === '(') {
      this.#parens += 1;
      return this.#take('leftParen', 1);
    }
    if (char === ')') {
      this.#parens -= 1;
      const token = this.#take('rightParen', 1);
      if (this.#parens < 0) this.#wrong("unexpected right paren U+0029 ')'");
      return token;
    }
    const code = char.codePointAt(0) ?? 0;
    if (code > 0x20 && code < 0x7f) return this.#take('char', 1);
    const hex = code.toString(16).toUpperCase().padStart(4, '0');
    this.#fail(`unrecognized character in action: U+${hex}${code > 0x20 ? ` '${char}'` : ''}`);
  }

  #space(): Token {
    let length = 1;
    while (SPACE.test(this.#text[this.#at + length] ?? '')) {
      // A space before a trimming delimiter belongs to the delimiter.
      if (/^[ \t\r\n]-\}\}/.test(this.#text.slice(this.#at + length, this.#at + length + 4))) break;
      length += 1;
    }
    return this.#take('space', length);
  }

  #word(): Token {
    const word = this.#run(0);
    if (!this.#endsHere(word.length)) this.#badCharacter(word.length);
    const kind = KEYWORDS.has(word)
      ? 'keyword'
      : word === 'nil'
        ? 'nil'
        : word === 'true' || word === 'false'
          ? 'bool'
          : 'identifier';
    return this.#take(kind, word.length);
  }

  /** Letters, digits and underscores from a distance on. */
  #run(from: number): string {
    return /^[\p{L}\p{Nd}_]*/u.exec(this.#text.slice(this.#at + from))?.[0] ?? '';
  }

  #fieldOrVariable(kind: 'field' | 'variable'): Token {
    const length = 1 + this.#run(1).length;
    if (length === 1 && kind === 'field') return this.#take('dot', 1);
    if (!this.#endsHere(length)) this.#badCharacter(length);
    return this.#take(kind, length);
  }

  /** Whether a field, variable or word may end there. */
  #endsHere(length: number): boolean {
    const next = this.#text[this.#at + length];
    return (
      next === undefined ||
      SPACE.test(next) ||
      /[.,|:()]/.test(next) ||
      this.#text.startsWith('}}', this.#at + length) ||
      next === '='
    );
  }

  #badCharacter(length: number): never {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at + length) ?? 0);
    this.#fail(
      `bad character U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} '${char}'`,
    );
  }

  #quoted(kind: 'string' | 'charConstant', quote: string, unterminated: string): Token {
    for (let at = this.#at + 1; ; at += 1) {
      const char = this.#text[at];
      if (char === '\\' && this.#text[at + 1] !== undefined && this.#text[at + 1] !== '\n') at += 1;
      else if (char === undefined || char === '\n' || char === '\\') this.#fail(unterminated);
      else if (char === quote) return this.#take(kind, at + 1 - this.#at);
    }
  }

  #raw(): Token {
    const close = this.#text.indexOf('`', this.#at + 1);
    if (close < 0) this.#fail('unterminated raw quoted string');
    return this.#take('rawString', close + 1 - this.#at);
  }

  #number(): Token {
    const rest = this.#text.slice(this.#at);
    const found = NUMBER.exec(rest)?.[0] ?? '';
    const after = rest.slice(found.length);
    if (WORD.test(after[0] ?? '')) {
      const bad = found + String.fromCodePoint(after.codePointAt(0) ?? 0);
      this.#fail(`bad number syntax: ${goQuote(bad)}`);
    }
    return this.#take('number', found.length);
  }
}

const NUMBER =
  /^[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?|0[oO][0-7_]*|0[bB][01_]*|[0-9_]*(?:\.[0-9_]*)?)(?:[eEpP][+-]?[0-9_]*)?i?/;

const SINGLE: Readonly<Record<string, TokenKind>> = { '=': 'assign', '|': 'pipe' };
