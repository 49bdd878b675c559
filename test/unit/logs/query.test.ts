import { describe, expect, it } from 'vitest';
import type { ParsedLine } from '../../../main/engine/logs/parse/parser.ts';
import type { QueryNode } from '../../../main/engine/logs/search/query.ts';
import { blockTerms, levelVerdict, matches } from '../../../main/engine/logs/search/query-match.ts';
import { parseQuery } from '../../../main/engine/logs/search/query-parser.ts';
import type { TermQuery } from '../../../main/engine/logs/store/text-index.ts';

function query(text: string): QueryNode {
  const parsed = parseQuery(text);
  if (!parsed.ok) throw new Error(parsed.error.message.en);
  return parsed.value;
}

/** The terms of a query as one reads them. */
function terms(text: string): string | null {
  const show = (part: TermQuery): string =>
    part.kind === 'term'
      ? `${part.term}${part.prefix ? '*' : ''}`
      : `(${part.items.map(show).join(part.kind === 'and' ? ' & ' : ' | ')})`;
  const asked = blockTerms(query(text));
  return asked === null ? null : show(asked);
}

function refusal(text: string): string {
  const parsed = parseQuery(text);
  if (parsed.ok) return 'accepted';
  expect(parsed.error.message.zh).not.toContain('{');
  return `${parsed.error.code} ${/column (\d+)/.exec(parsed.error.message.en)?.[1]}`;
}

const origin = { sourceId: 'src-1', sourceName: 'HMTT log', host: 'app-1' };

function hit(text: string, line: string, parsed: Partial<ParsedLine> = {}, level = 3): boolean {
  return matches(query(text), {
    ...origin,
    level,
    lowerText: () => line.toLowerCase(),
    parsed: () => ({ time: null, level: null, message: line, fields: {}, ...parsed }),
  });
}

describe('queries', () => {
  it('words match whole words in any case; Chinese matches anywhere', () => {
    const line = 'Connection refused by db-7: 数据库连接失败 user_id=ab12 (C:\\hmtt\\log)';
    for (const found of [
      'connection',
      'REFUSED',
      '连接',
      '库连接失',
      'user_id',
      'user_id=ab12',
      'db-7',
      '"refused by db"',
      'conn*',
      'C:\\hmtt',
    ])
      expect(hit(found, line), found).toBe(true);
    for (const lost of ['connect', 'fused', 'ab1', 'db-77', '"refused db"', '连失', 'conn'])
      expect(hit(lost, line), lost).toBe(false);
  });

  it('AND, OR, NOT and parentheses bind as they look', () => {
    expect(hit('a b', 'a b')).toBe(true);
    expect(hit('a AND c', 'a b')).toBe(false);
    expect(hit('c OR a b', 'a b')).toBe(true);
    expect(hit('(c OR a) AND NOT b', 'a b')).toBe(false);
    expect(hit('a -c', 'a b')).toBe(true);
    expect(hit('NOT NOT a', 'a')).toBe(true);
    expect(hit('"AND"', 'this AND that')).toBe(true);
    expect(hit('', 'anything')).toBe(true);
  });

  it('level, source, host and fields', () => {
    expect(hit('level:error', 'x', {}, 5)).toBe(true);
    expect(hit('level:ERR', 'x', {}, 5)).toBe(true);
    expect(hit('level>=warn', 'x', {}, 3)).toBe(false);
    expect(hit('level:>=warn', 'x', {}, 6)).toBe(true);
    expect(hit('level<warn', 'x', {}, 0)).toBe(false);
    expect(hit('source:"hmtt log" host:app-*', 'x')).toBe(true);
    expect(hit('source:src-1', 'x')).toBe(true);
    expect(hit('host:app-2', 'x')).toBe(false);
    const fields = { status: '500', 'http.path': '/api/Order', took: '1.5' };
    for (const found of [
      'status:500',
      'status>499',
      'status>=500',
      'took<2',
      'http.path:/api/*',
      'STATUS:500',
    ])
      expect(hit(found, 'x', { fields }), found).toBe(true);
    for (const lost of ['status:50', 'status>500', 'http.path:/api', 'none:1', 'http.path>1'])
      expect(hit(lost, 'x', { fields }), lost).toBe(false);
    expect(hit('http://db-7/x', 'GET http://db-7/x done')).toBe(true);
  });

  it('errors name the column', () => {
    expect(refusal('a (b')).toBe('LOG_QUERY_PARENTHESIS 3');
    expect(refusal('a) b')).toBe('LOG_QUERY_PARENTHESIS 2');
    expect(refusal('磁盘 "满')).toBe('LOG_QUERY_QUOTE 4');
    expect(refusal('a AND')).toBe('LOG_QUERY_TERM 6');
    expect(refusal('OR a')).toBe('LOG_QUERY_TERM 1');
    expect(refusal('a ()')).toBe('LOG_QUERY_TERM 4');
    expect(refusal('x level:loud')).toBe('LOG_QUERY_LEVEL 3');
    expect(refusal('status>many')).toBe('LOG_QUERY_VALUE 1');
    expect(refusal('x status:')).toBe('LOG_QUERY_VALUE 3');
    expect(refusal('('.repeat(100))).toMatch(/^LOG_QUERY_TOO_DEEP/);
    expect(refusal('a '.repeat(300))).toMatch(/^LOG_QUERY_TOO_DEEP/);
  });

  it('says what can be said of a block by its columns alone', () => {
    expect(levelVerdict(query('level:error'), origin, 5)).toBe(true);
    expect(levelVerdict(query('level:error word'), origin, 5)).toBeNull();
    expect(levelVerdict(query('level:error word'), origin, 3)).toBe(false);
    expect(levelVerdict(query('NOT word OR host:app-1'), origin, 3)).toBe(true);
    expect(levelVerdict(query('host:other word'), origin, 3)).toBe(false);
  });

  it('asks the index only for what every match must have', () => {
    expect(terms('Foo bar')).toBe('((foo) & (bar))');
    expect(terms('foo OR level:error')).toBeNull();
    expect(terms('foo OR bar')).toBe('((foo) | (bar))');
    expect(terms('NOT foo')).toBeNull();
    expect(terms('磁盘满')).toBe('(磁盘 & 盘满)');
    expect(terms('盘')).toBeNull();
    expect(terms('conn*')).toBe('(conn*)');
    expect(terms('status:a-b')).toBe('(a & b)');
    expect(terms('"-"')).toBeNull();
  });
});
