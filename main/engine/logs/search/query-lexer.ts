import { appError, err, ok, type Result } from '#shared/errors/index.ts';

/** One token of a query; `column` counts characters from 1. */
export type QueryToken =
  | { readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' | 'end'; readonly column: number }
  | { readonly kind: 'phrase'; readonly text: string; readonly column: number }
  | { readonly kind: 'word'; readonly text: string; readonly column: number }
  /** `name:value`, `name>=5`; the value may have been quoted. */
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly operator: string;
      readonly value: string;
      readonly quoted: boolean;
      readonly column: number;
    };

const SPACE = /\s+/y;
const FIELD = /([\p{L}_@][\p{L}\p{N}_.@-]*)(:(?:>=|<=|>|<)?|>=|<=|>|<)/uy;
const WORD = /[^\s()"]+/y;
const OPERATORS: Readonly<Record<string, 'and' | 'or' | 'not'>> = { AND: 'and', OR: 'or', NOT: 'not' };

/**
 * Cuts a query into tokens.
 *
 * @returns LOG_QUERY_QUOTE for a quote that is not closed
 */
export function lexQuery(query: string): Result<readonly QueryToken[]> {
  const tokens: QueryToken[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(query);
  };
  while (at < query.length) {
    const space = match(SPACE);
    if (space) {
      at += space[0].length;
      continue;
    }
    const column = [...query.slice(0, at)].length + 1;
    const char = query[at];
    if (char === '(' || char === ')') {
      tokens.push({ kind: char === '(' ? 'open' : 'close', column });
      at += 1;
      continue;
    }
    if (char === '"') {
      const quoted = readQuoted(query, at);
      if (quoted === null) return err(appError('LOG_QUERY_QUOTE', { column }, { field: 'query' }));
      tokens.push({ kind: 'phrase', text: quoted.text, column });
      at = quoted.end;
      continue;
    }
    if (char === '-' && /[\p{L}\p{N}_("@]/u.test(query.slice(at + 1, at + 3))) {
      tokens.push({ kind: 'not', column });
      at += 1;
      continue;
    }
    const field = match(FIELD);
    const valueAt = field ? at + field[0].length : at;
    if (field && isFieldValue(query, valueAt)) {
      const name = field[1] ?? '';
      const operator = field[2] ?? ':';
      if (query[valueAt] === '"') {
        const quoted = readQuoted(query, valueAt);
        if (quoted === null)
          return err(appError('LOG_QUERY_QUOTE', { column: column + (valueAt - at) }, { field: 'query' }));
        tokens.push({ kind: 'field', name, operator, value: quoted.text, quoted: true, column });
        at = quoted.end;
        continue;
      }
      WORD.lastIndex = valueAt;
      const value = WORD.exec(query)?.[0] ?? '';
      tokens.push({ kind: 'field', name, operator, value, quoted: false, column });
      at = valueAt + value.length;
      continue;
    }
    const word = match(WORD)?.[0] ?? '';
    const operator = OPERATORS[word];
    if (operator !== undefined) tokens.push({ kind: operator, column });
    else tokens.push({ kind: 'word', text: word, column });
    at += word.length;
  }
  tokens.push({ kind: 'end', column: [...query].length + 1 });
  return ok(tokens);
}

/** `http://host` and `C:\logs` are words, not fields. */
function isFieldValue(query: string, at: number): boolean {
  return !query.startsWith('//', at) && query[at] !== '\\';
}

/** Reads `"…"` with `\"` and `\\`; null when it does not end. */
function readQuoted(query: string, start: number): { text: string; end: number } | null {
  let text = '';
  for (let at = start + 1; at < query.length; at += 1) {
    const char = query[at] ?? '';
    if (char === '"') return { text, end: at + 1 };
    const next = query[at + 1];
    if (char === '\\' && (next === '"' || next === '\\')) {
      text += next;
      at += 1;
    } else text += char;
  }
  return null;
}
