import { Fault } from './fault.ts';

/** Where a text stands that was read, from 1. */
export type Place = { readonly line: number; readonly column: number };

/** Reads the words of Logstash's configuration language, one after the other. Faults are thrown as {@link Fault}. */
export class LanguageReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Passes spaces, line ends and comments. */
  space(): void {
    for (;;) {
      const char = this.text[this.at];
      if (char === ' ' || char === '\t' || char === '\r' || char === '\n' || char === '\uFEFF') this.at += 1;
      else if (char === '#') {
        const end = this.text.indexOf('\n', this.at);
        this.at = end < 0 ? this.text.length : end + 1;
      } else return;
    }
  }

  get ended(): boolean {
    this.space();
    return this.at >= this.text.length;
  }

  place(at = this.at): Place {
    let line = 1;
    let last = -1;
    for (let i = this.text.indexOf('\n'); i >= 0 && i < at; i = this.text.indexOf('\n', i + 1)) {
      line += 1;
      last = i;
    }
    return { line, column: at - last };
  }

  /** Whether these characters come next, spaces aside. */
  peeks(sign: string): boolean {
    this.space();
    return this.text.startsWith(sign, this.at);
  }

  /** Takes these characters if they come next. */
  takes(sign: string): boolean {
    if (!this.peeks(sign)) return false;
    this.at += sign.length;
    return true;
  }

  /** Takes a word if it comes next and is not the beginning of a longer one. */
  takesWord(word: string): boolean {
    this.space();
    if (!this.text.startsWith(word, this.at) || /[\w-]/.test(this.text[this.at + word.length] ?? ' '))
      return false;
    this.at += word.length;
    return true;
  }

  expect(sign: string): void {
    if (!this.takes(sign))
      throw this.fault({
        zh: `此处应为 ${sign}，实为 ${this.next()}`,
        en: `${sign} is missing before ${this.next()}`,
      });
  }

  fault(why: { readonly zh: string; readonly en: string }, at = this.at): Fault {
    return new Fault(why, at);
  }

  /** What comes next, for a sentence about it. */
  next(): string {
    this.space();
    if (this.at >= this.text.length) return '⏎';
    const word = /^[\w@.-]+|^./.exec(this.text.slice(this.at, this.at + 40))?.[0] ?? '';
    return `“${word}”`;
  }

  /** A bare word: letters, digits, `_`, `-`, `@`, `.`; null when something else comes next. */
  word(): string | null {
    this.space();
    const match = /[A-Za-z_@][\w@.-]*/y;
    match.lastIndex = this.at;
    const found = match.exec(this.text);
    if (found === null) return null;
    this.at += found[0].length;
    return found[0];
  }

  /** A quoted text. As in Logstash a backslash stays, and keeps a quote from ending the text. */
  quoted(): string | null {
    this.space();
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") return null;
    const start = this.at + 1;
    for (let i = start; i < this.text.length; i += 1) {
      if (this.text[i] === '\\') i += 1;
      else if (this.text[i] === quote) {
        this.at = i + 1;
        return this.text.slice(start, i);
      }
    }
    throw this.fault({ zh: '引号没有结束', en: 'the quote is not closed' });
  }

  number(): number | null {
    this.space();
    const match = /-?\d+(?:\.\d+)?(?![\w.])/y;
    match.lastIndex = this.at;
    const found = match.exec(this.text);
    if (found === null) return null;
    this.at += found[0].length;
    return Number(found[0]);
  }

  /** `/…/`, of conditions. */
  regex(): string | null {
    this.space();
    if (this.text[this.at] !== '/') return null;
    const start = this.at + 1;
    for (let i = start; i < this.text.length && this.text[i] !== '\n'; i += 1) {
      if (this.text[i] === '\\') i += 1;
      else if (this.text[i] === '/') {
        this.at = i + 1;
        return this.text.slice(start, i).replaceAll('\\/', '/');
      }
    }
    throw this.fault({ zh: '正则表达式没有结束', en: 'the expression is not closed' });
  }

  /** `[field]` or `[a][b]`, as the name with dots; null when no reference comes next. */
  reference(): string | null {
    this.space();
    const match = /(?:\[[^[\],"'{}]+\])+/y;
    match.lastIndex = this.at;
    const found = match.exec(this.text);
    if (found === null) return null;
    this.at += found[0].length;
    return fieldName(found[0]);
  }
}

/** The flat name of a field: `[http][status]` and `http.status` are the same. */
export function fieldName(reference: string): string {
  const text = reference.trim();
  if (!text.startsWith('[') || !text.endsWith(']')) return text;
  return text
    .slice(1, -1)
    .split(/\]\s*\[/)
    .map((part) => part.trim())
    .join('.');
}
