import type { QueryNode } from '#shared/domain/log-query/nodes.ts';
import { parseQuery } from '#shared/domain/log-query/parser.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { LEVEL_CODE } from '../model.ts';
import { type ByteRegex, compileRegex } from './regex/regex.ts';

/** A query ready to be compared with events. */
export type CompiledNode =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly items: readonly CompiledNode[] }
  | { readonly kind: 'not'; readonly item: CompiledNode }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly openStart: boolean;
      readonly openEnd: boolean;
      /** Finds the text in bytes, in any case and without regard to word borders. */
      readonly sieve: ByteRegex;
    }
  | { readonly kind: 'regex'; readonly regex: ByteRegex }
  /** Bit `1 << code` of each level. */
  | { readonly kind: 'level'; readonly mask: number }
  | { readonly kind: 'source' | 'host' | 'tag'; readonly pattern: string }
  | Extract<QueryNode, { readonly kind: 'stream' }>
  /** A regular expression over what is the same for many events. */
  | {
      readonly kind: 'origin-regex';
      readonly of: 'source' | 'host' | 'tag' | 'stream';
      readonly test: (value: string) => boolean;
    }
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly key: string;
      readonly test: (value: string) => boolean;
      /** The value as it has to stand in the line in most formats; null when it need not. */
      readonly sieve: ByteRegex | null;
      /** For the index. */
      readonly value: string | null;
      readonly regex: ByteRegex | null;
    };

/** What one comparison costs, so that the cheap ones are made first. */
const COST: Readonly<Record<CompiledNode['kind'], number>> = {
  all: 0,
  level: 1,
  source: 2,
  host: 2,
  stream: 2,
  'origin-regex': 3,
  tag: 3,
  regex: 4,
  text: 5,
  not: 6,
  and: 7,
  or: 7,
  field: 8,
};

/** Names that ask where an event comes from, whatever fields it has. */
const ORIGINS = ['source', 'host', 'tag', 'stream'] as const;

/**
 * Parses a query and compiles what is in it.
 *
 * @returns an error of the family LOG_QUERY_…
 */
export function compileQuery(query: string): Result<CompiledNode> {
  const node = parseQuery(query);
  return node.ok ? compile(node.value) : node;
}

function compile(node: QueryNode): Result<CompiledNode> {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const items: CompiledNode[] = [];
      for (const item of node.items) {
        const compiled = compile(item);
        if (!compiled.ok) return compiled;
        items.push(compiled.value);
      }
      return ok({ kind: node.kind, items: items.sort((a, b) => COST[a.kind] - COST[b.kind]) });
    }
    case 'not': {
      const item = compile(node.item);
      return item.ok ? ok({ kind: 'not', item: item.value }) : item;
    }
    case 'text': {
      const sieve = sieveOf(node.text);
      return sieve.ok ? ok({ ...node, sieve: sieve.value }) : sieve;
    }
    case 'regex': {
      const regex = compileRegex(node.regex);
      return regex.ok ? ok({ kind: 'regex', regex: regex.value }) : regex;
    }
    case 'level':
      return ok({
        kind: 'level',
        mask: [...node.levels].reduce((mask, level) => mask | (1 << LEVEL_CODE[level]), 0),
      });
    case 'field':
      return compileField(node);
    case 'field-regex': {
      const regex = compileRegex(node.regex);
      if (!regex.ok) return regex;
      const { matches } = regex.value;
      const test = (value: string): boolean => {
        const bytes = Buffer.from(value);
        return matches(bytes, 0, bytes.length);
      };
      const { name } = node;
      const of = ORIGINS.find((one) => one === name.toLowerCase());
      if (of !== undefined) return ok({ kind: 'origin-regex', of, test });
      return ok({
        kind: 'field',
        ...{ name, key: name.toLowerCase(), test, sieve: null, value: null, regex: regex.value },
      });
    }
    default:
      return ok(node);
  }
}

function compileField(node: QueryNode & { readonly kind: 'field' }): Result<CompiledNode> {
  const { name, operator, value } = node;
  const shared = { kind: 'field' as const, name, key: name.toLowerCase(), regex: null };
  if (operator !== ':') {
    const bound = Number(value);
    return ok({ ...shared, test: comparison(operator, bound), sieve: null, value: null });
  }
  const longest = value.split('*').sort((a, b) => b.length - a.length)[0] ?? '';
  if (longest === '') return ok({ ...shared, test: wildcard(value), sieve: null, value });
  const sieve = sieveOf(longest);
  return sieve.ok ? ok({ ...shared, test: wildcard(value), sieve: sieve.value, value }) : sieve;
}

function sieveOf(text: string): Result<ByteRegex> {
  return compileRegex({ source: text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), ignoreCase: true });
}

function comparison(operator: '>' | '>=' | '<' | '<=', bound: number): (value: string) => boolean {
  const numeric = (fits: (number: number) => boolean) => (value: string) => {
    const number = Number(value);
    return value.trim() !== '' && Number.isFinite(number) && fits(number);
  };
  if (operator === '>') return numeric((number) => number > bound);
  if (operator === '>=') return numeric((number) => number >= bound);
  return operator === '<' ? numeric((number) => number < bound) : numeric((number) => number <= bound);
}

/** Compares without regard to case; `*` stands for anything. The pattern is in lower case. */
export function wildcard(pattern: string): (value: string) => boolean {
  if (!pattern.includes('*')) return (value) => value.toLowerCase() === pattern;
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts[parts.length - 1] ?? '';
  const inner = parts.slice(1, -1);
  return (value) => {
    const text = value.toLowerCase();
    if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
      return false;
    let at = first.length;
    for (const part of inner) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}
