import type { LogLevel } from '../../contract/logs.ts';
import { appError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/index.ts';
import { err, ok, type Result } from '../../errors/result.ts';
import { levelFromName } from './level-names.ts';
import type { FieldOperator, QueryNode, RegexSource } from './nodes.ts';
import { columnOf, FIELD_NAMES_ZH, type QueryToken, queryTokens } from './tokens.ts';

const MAX_DEPTH = 64;
const MAX_TERMS = 256;
const DAY_MS = 86_400_000;

/** The levels that can be compared, in their order; `unknown` is not on the scale. */
const LEVEL_ORDER: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Thrown and caught inside this file only, to leave the descent from any depth. */
class Refusal extends Error {
  readonly code: ErrorCode;
  /** Where, in UTF-16 units from 0. */
  readonly at: number;
  readonly params: Readonly<Record<string, string>>;
  constructor(code: ErrorCode, at: number, params: Readonly<Record<string, string>> = {}) {
    super(code);
    this.code = code;
    this.at = at;
    this.params = params;
  }
}

const MISTAKES = {
  quote: 'LOG_QUERY_QUOTE',
  'regex-end': 'LOG_QUERY_REGEX_END',
  'regex-flag': 'LOG_QUERY_REGEX_FLAG',
} as const satisfies Record<string, ErrorCode>;

/**
 * Parses a query (docs/log-search.md). OR binds weakest, NOT strongest; terms beside each other must all hold. Empty finds
 * everything. Regular expressions are not compiled here.
 *
 * @returns an error of the family LOG_QUERY_… that names the column
 */
export function parseQuery(query: string): Result<QueryNode> {
  try {
    return ok(new Descent(query).parse());
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const column = columnOf(query, thrown.at);
    return err(
      appError(thrown.code, { column, ...thrown.params }, { field: 'query', column: thrown.at + 1 }),
    );
  }
}

/** A field whose values stand in parentheses: `level:(error OR warn)`. */
type Group = { readonly name: string; readonly operator: FieldOperator };

class Descent {
  readonly #tokens: readonly QueryToken[];
  readonly #end: number;
  #at = 0;
  #depth = 0;
  #terms = 0;
  #group: Group | null = null;

  constructor(query: string) {
    this.#tokens = queryTokens(query);
    this.#end = query.length;
  }

  parse(): QueryNode {
    if (this.#peek() === null) return { kind: 'all' };
    const node = this.#or();
    const rest = this.#peek();
    if (rest !== null) throw new Refusal('LOG_QUERY_PARENTHESIS', rest.from);
    return node;
  }

  #peek(): QueryToken | null {
    return this.#tokens[this.#at] ?? null;
  }

  #or(): QueryNode {
    const items = [this.#and()];
    while (this.#peek()?.kind === 'or') {
      this.#at += 1;
      items.push(this.#and());
    }
    return items.length === 1 && items[0] ? items[0] : { kind: 'or', items };
  }

  #and(): QueryNode {
    const items = [this.#not()];
    for (;;) {
      const token = this.#peek();
      if (token?.kind === 'and') this.#at += 1;
      else if (token === null || token.kind === 'or' || token.kind === 'close') break;
      items.push(this.#not());
    }
    return items.length === 1 && items[0] ? items[0] : { kind: 'and', items };
  }

  #not(): QueryNode {
    const token = this.#peek();
    if (token?.kind !== 'not') return this.#term();
    this.#deeper(token.from);
    this.#at += 1;
    const item = this.#not();
    this.#depth -= 1;
    return { kind: 'not', item };
  }

  #deeper(at: number): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Refusal('LOG_QUERY_TOO_DEEP', at);
  }

  #parenthesis(open: number): QueryNode {
    this.#deeper(open);
    this.#at += 1;
    if (this.#peek() === null) throw new Refusal('LOG_QUERY_PARENTHESIS', open);
    const node = this.#or();
    if (this.#peek()?.kind !== 'close') throw new Refusal('LOG_QUERY_PARENTHESIS', open);
    this.#at += 1;
    this.#depth -= 1;
    return node;
  }

  #term(): QueryNode {
    const token = this.#peek();
    if (token === null) throw new Refusal('LOG_QUERY_TERM', this.#end);
    this.#terms += 1;
    if (this.#terms > MAX_TERMS) throw new Refusal('LOG_QUERY_TOO_DEEP', token.from);
    if (token.mistake !== undefined) throw new Refusal(MISTAKES[token.mistake], token.from);
    const group = this.#group;
    switch (token.kind) {
      case 'open':
        return this.#parenthesis(token.from);
      case 'word':
      case 'phrase':
      case 'regex':
        this.#at += 1;
        return group === null ? bare(token) : fieldTerm(group, token, token.from);
      case 'field':
        return this.#field(token);
      case 'close':
        throw new Refusal(this.#depth > 0 ? 'LOG_QUERY_TERM' : 'LOG_QUERY_PARENTHESIS', token.from);
      default:
        throw new Refusal('LOG_QUERY_TERM', token.from);
    }
  }

  #field(token: QueryToken): QueryNode {
    const name = FIELD_NAMES_ZH[token.text] ?? token.text;
    // The lexer gives only these.
    const group: Group = { name, operator: (token.operator ?? ':') as FieldOperator };
    this.#at += 1;
    const value = this.#peek();
    const touches = value !== null && value.from === token.to;
    if (touches && value.kind === 'open' && this.#group === null) {
      this.#group = group;
      const node = this.#parenthesis(value.from);
      this.#group = null;
      return node;
    }
    if (!touches || this.#group !== null || !isValue(value))
      throw new Refusal('LOG_QUERY_VALUE', token.from, { field: token.text });
    if (value.mistake !== undefined) throw new Refusal(MISTAKES[value.mistake], value.from);
    this.#at += 1;
    return fieldTerm(group, value, token.from);
  }
}

function isValue(token: QueryToken): boolean {
  return token.kind === 'word' || token.kind === 'phrase' || token.kind === 'regex';
}

function regexOf(token: QueryToken): RegexSource {
  return { source: token.text, ignoreCase: token.ignoreCase === true };
}

function bare(token: QueryToken): QueryNode {
  if (token.kind === 'regex') return { kind: 'regex', regex: regexOf(token) };
  const text = token.text.toLowerCase();
  if (token.kind === 'phrase')
    return text.trim() === '' ? { kind: 'all' } : { kind: 'text', text, openStart: false, openEnd: false };
  if (/^\*+$/.test(text)) return { kind: 'all' };
  const openStart = text.startsWith('*');
  const openEnd = text.endsWith('*');
  const inner = text.replace(/^\*+|\*+$/g, '');
  if (!inner.includes('*')) return { kind: 'text', text: inner, openStart, openEnd };
  return { kind: 'regex', regex: globRegex(inner, openStart, openEnd) };
}

/** `conn*refused` within one word: the parts with anything but space between. */
function globRegex(text: string, openStart: boolean, openEnd: boolean): RegexSource {
  const body = text
    .split(/\*+/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('\\S*');
  const begins = !openStart && /^[a-z0-9]/.test(text) ? '\\b' : '';
  const ends = !openEnd && /[a-z0-9]$/.test(text) ? '\\b' : '';
  return { source: `${begins}${body}${ends}`, ignoreCase: true };
}

function fieldTerm({ name, operator }: Group, token: QueryToken, at: number): QueryNode {
  const key = name.toLowerCase();
  const value = token.text;
  if (key === 'level') {
    if (token.kind === 'regex') throw new Refusal('LOG_QUERY_LEVEL', at, { value: `/${value}/` });
    return level(operator, value, at);
  }
  if (token.kind === 'regex') {
    if (operator !== ':') throw new Refusal('LOG_QUERY_VALUE', at, { field: name });
    return { kind: 'field-regex', name, regex: regexOf(token) };
  }
  if (operator === ':') {
    const pattern = value.toLowerCase();
    if (key === 'source' || key === 'host' || key === 'tag') return { kind: key, pattern };
    if (key === 'stream') return stream(pattern);
    return { kind: 'field', name, operator, value: pattern };
  }
  if (!Number.isFinite(Number(value)) || value.trim() === '')
    throw new Refusal('LOG_QUERY_VALUE', at, { field: name });
  return { kind: 'field', name, operator, value };
}

/** `hmtt-error-2026.11.22` is the stream `hmtt-error` on that UTC day; a date that is none belongs to the name. */
function stream(pattern: string): QueryNode {
  const dated = /^(.*)-(\d{4})\.(\d{2})\.(\d{2})$/.exec(pattern);
  if (dated) {
    const iso = `${dated[2]}-${dated[3]}-${dated[4]}`;
    const start = Date.parse(`${iso}T00:00:00.000Z`);
    // Date.parse takes the 31st of February; its day is another one then.
    if (Number.isFinite(start) && new Date(start).toISOString().startsWith(iso))
      return { kind: 'stream', pattern: dated[1] ?? '', day: { start, end: start + DAY_MS - 1 } };
  }
  return { kind: 'stream', pattern, day: null };
}

function level(operator: FieldOperator, value: string, at: number): QueryNode {
  const all = value === '*';
  const named = value.toLowerCase() === 'unknown' ? 'unknown' : levelFromName(value);
  if (all && operator === ':') return { kind: 'all' };
  if (named === null) throw new Refusal('LOG_QUERY_LEVEL', at, { value });
  const wanted = LEVEL_ORDER.indexOf(named);
  // `unknown` is not on the scale: no comparison but equality finds it.
  const fits = (rank: number): boolean => {
    if (wanted < 0) return false;
    if (operator === '>') return rank > wanted;
    if (operator === '>=') return rank >= wanted;
    return operator === '<' ? rank < wanted : rank <= wanted;
  };
  if (operator === ':') return { kind: 'level', levels: new Set([named]) };
  return { kind: 'level', levels: new Set(LEVEL_ORDER.filter((_, rank) => fits(rank))) };
}
