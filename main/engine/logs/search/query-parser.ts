import { appError, type ErrorCode, err, ok, type Result } from '#shared/errors/index.ts';
import { LEVEL_CODE } from '../model.ts';
import { levelFromName } from '../parse/levels.ts';
import type { FieldOperator, QueryNode } from './query.ts';
import { lexQuery, type QueryToken } from './query-lexer.ts';

const MAX_DEPTH = 64;
const MAX_TERMS = 256;

/** Thrown and caught inside this file only, to leave the descent from any depth. */
class Refusal extends Error {
  readonly error: ReturnType<typeof appError>;
  constructor(code: ErrorCode, column: number, params: Readonly<Record<string, string>> = {}) {
    super(code);
    this.error = appError(code, { column, ...params }, { field: 'query' });
  }
}

/**
 * Parses a query: words, "phrases", `prefix*`, `level:error`, `level>=warn`, `source:NAME`, `host:NAME`, `field:value`,
 * `field>5`, AND (or nothing between terms), OR, NOT or `-`, parentheses. OR binds weakest, NOT strongest. Empty finds
 * everything.
 *
 * @returns an error of the family LOG_QUERY_… that names the column
 */
export function parseQuery(query: string): Result<QueryNode> {
  const tokens = lexQuery(query);
  if (!tokens.ok) return tokens;
  try {
    return ok(new Descent(tokens.value).parse());
  } catch (thrown) {
    if (thrown instanceof Refusal) return err(thrown.error);
    throw thrown;
  }
}

class Descent {
  readonly #tokens: readonly QueryToken[];
  #at = 0;
  #depth = 0;
  #terms = 0;

  constructor(tokens: readonly QueryToken[]) {
    this.#tokens = tokens;
  }

  parse(): QueryNode {
    if (this.#peek().kind === 'end') return { kind: 'all' };
    const node = this.#or();
    const rest = this.#peek();
    if (rest.kind === 'close') throw new Refusal('LOG_QUERY_PARENTHESIS', rest.column);
    return node;
  }

  #peek(): QueryToken {
    return this.#tokens[this.#at] ?? { kind: 'end', column: 1 };
  }

  #or(): QueryNode {
    const items = [this.#and()];
    while (this.#peek().kind === 'or') {
      this.#at += 1;
      items.push(this.#and());
    }
    return items.length === 1 && items[0] ? items[0] : { kind: 'or', items };
  }

  #and(): QueryNode {
    const items = [this.#not()];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'and') this.#at += 1;
      else if (token.kind === 'or' || token.kind === 'close' || token.kind === 'end') break;
      items.push(this.#not());
    }
    return items.length === 1 && items[0] ? items[0] : { kind: 'and', items };
  }

  #not(): QueryNode {
    const token = this.#peek();
    if (token.kind !== 'not') return this.#term();
    this.#deeper(token.column);
    this.#at += 1;
    const item = this.#not();
    this.#depth -= 1;
    return { kind: 'not', item };
  }

  #deeper(column: number): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Refusal('LOG_QUERY_TOO_DEEP', column);
  }

  #term(): QueryNode {
    const token = this.#peek();
    this.#terms += 1;
    if (this.#terms > MAX_TERMS) throw new Refusal('LOG_QUERY_TOO_DEEP', token.column);
    switch (token.kind) {
      case 'open': {
        this.#deeper(token.column);
        this.#at += 1;
        if (this.#peek().kind === 'end') throw new Refusal('LOG_QUERY_PARENTHESIS', token.column);
        const node = this.#or();
        if (this.#peek().kind !== 'close') throw new Refusal('LOG_QUERY_PARENTHESIS', token.column);
        this.#at += 1;
        this.#depth -= 1;
        return node;
      }
      case 'phrase':
        this.#at += 1;
        return token.text.trim() === '' ? { kind: 'all' } : text(token.text, false);
      case 'word': {
        this.#at += 1;
        const prefix = token.text.length > 1 && token.text.endsWith('*');
        if (token.text === '*') return { kind: 'all' };
        return text(prefix ? token.text.slice(0, -1) : token.text, prefix);
      }
      case 'field':
        this.#at += 1;
        return field(token);
      case 'close':
        throw new Refusal(this.#depth > 0 ? 'LOG_QUERY_TERM' : 'LOG_QUERY_PARENTHESIS', token.column);
      default:
        throw new Refusal('LOG_QUERY_TERM', token.column);
    }
  }
}

function text(value: string, prefix: boolean): QueryNode {
  return { kind: 'text', text: value.toLowerCase(), prefix };
}

function field(token: QueryToken & { kind: 'field' }): QueryNode {
  const { name, value, column } = token;
  const operator = (
    token.operator.length > 1 && token.operator.startsWith(':') ? token.operator.slice(1) : token.operator
  ) as FieldOperator;
  if (value === '' && !token.quoted) throw new Refusal('LOG_QUERY_VALUE', column, { field: name });
  const key = name.toLowerCase();
  if (key === 'level') return level(operator, value, column);
  if (operator === ':') {
    if (key === 'source' || key === 'host') return { kind: key, pattern: value.toLowerCase() };
    return { kind: 'field', name, operator, value: value.toLowerCase() };
  }
  if (!Number.isFinite(Number(value)) || value.trim() === '')
    throw new Refusal('LOG_QUERY_VALUE', column, { field: name });
  return { kind: 'field', name, operator, value };
}

function level(operator: FieldOperator, value: string, column: number): QueryNode {
  const named = value.toLowerCase() === 'unknown' ? 'unknown' : levelFromName(value);
  if (named === null) throw new Refusal('LOG_QUERY_LEVEL', column, { value });
  const wanted = LEVEL_CODE[named];
  // `unknown` is not on the scale: no comparison but equality finds it.
  const fits = (code: number): boolean => {
    if (operator === ':') return code === wanted;
    if (code === 0 || wanted === 0) return false;
    if (operator === '>') return code > wanted;
    if (operator === '>=') return code >= wanted;
    return operator === '<' ? code < wanted : code <= wanted;
  };
  return { kind: 'level', levels: new Set([0, 1, 2, 3, 4, 5, 6].filter(fits)) };
}
