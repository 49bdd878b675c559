import { fillText } from '#shared/errors/index.ts';
import { parseDuration } from './duration.ts';
import { refuse } from './failure.ts';
import { unquote } from './go-strings.ts';
import { Lexer } from './lexer.ts';
import { EXPRESSION_ENDS, REASONS, WANTED, type Wanted } from './reasons.ts';
import type { Token, TokenKind } from './tokens.ts';

/** The tokens of an expression with a place in them, and what the parser asks of them most. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #next = 0;

  /** @throws PromqlFailure when the text has a character that belongs to no token */
  constructor(text: string) {
    this.#tokens = new Lexer(text).tokens();
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? { kind: 'end', text: '', at: 0 };
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Whether the next token is of this kind, or is this keyword. */
  is(kind: TokenKind, keyword?: string): boolean {
    const token = this.peek();
    return token.kind === kind && (keyword === undefined || token.text.toLowerCase() === keyword);
  }

  /** Takes the next token if it is of this kind. */
  takeIf(kind: TokenKind, keyword?: string): Token | null {
    return this.is(kind, keyword) ? this.take() : null;
  }

  /** @param wanted what to say is expected; a sign is its own name */
  expect(kind: TokenKind, wanted?: Wanted): Token {
    if (!this.is(kind)) this.unexpected(wanted ?? kind);
    return this.take();
  }

  /** Refuses the next token. */
  unexpected(wanted: Wanted | TokenKind): never {
    const { kind, text, at } = this.peek();
    const found = kind === 'end' ? EXPRESSION_ENDS : fillText(REASONS.UNEXPECTED_TEXT, { text: `"${text}"` });
    const name = wanted in WANTED ? WANTED[wanted as Wanted] : { zh: ` "${wanted}"`, en: `"${wanted}"` };
    refuse(at, 'UNEXPECTED', { found, wanted: name });
  }

  /** Takes a duration, in milliseconds. */
  duration(): number {
    const token = this.expect('duration', 'duration');
    const parsed = parseDuration(token.text);
    if (typeof parsed === 'string') refuse(token.at, parsed, { text: token.text });
    return parsed;
  }

  /** Takes a string. */
  string(): string {
    const token = this.expect('string', 'string');
    const unquoted = unquote(token.text);
    if ('unknown' in unquoted) refuse(token.at, 'BAD_ESCAPE', { text: unquoted.unknown });
    return unquoted.text;
  }
}
