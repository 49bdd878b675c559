import { describe, expect, it } from 'vitest';
import { type CompiledNode, compileQuery } from '../../../main/engine/logs/search/compile.ts';
import { blockTerms, knownVerdict, matches } from '../../../main/engine/logs/search/match.ts';
import { Subject } from '../../../main/engine/logs/search/subject.ts';
import type { EventChanges } from '../../../main/engine/logs/stage.ts';
import type { LineOrigin } from '../../../main/engine/logs/store/heads.ts';
import type { TermQuery } from '../../../main/engine/logs/store/text-index.ts';

const DAY = Date.parse('2026-11-22T00:00:00Z');

function query(text: string): CompiledNode {
  const compiled = compileQuery(text);
  if (!compiled.ok) throw new Error(compiled.error.message.en);
  return compiled.value;
}

function refusal(text: string): string {
  const compiled = compileQuery(text);
  if (compiled.ok) return 'accepted';
  expect(compiled.error.message.zh).not.toContain('{');
  return `${compiled.error.code} ${/column (\d+)/.exec(compiled.error.message.en)?.[1] ?? ''}`.trim();
}

const origin: LineOrigin = {
  day: '2026-11-22',
  fileKey: 'k',
  path: '/var/log/hmtt.log',
  sourceId: 'src-1',
  sourceName: 'HMTT log',
  host: 'app-1',
  format: { spec: 'json', zone: 'UTC' },
  stream: 'hmtt-error',
};

type Event = {
  readonly fields?: Record<string, string>;
  readonly level?: number;
  readonly time?: number;
  readonly changes?: EventChanges;
};

function hit(
  text: string,
  line: string,
  { fields = {}, level = 3, time = DAY, changes }: Event = {},
): boolean {
  const parser = { name: 'test', parse: () => ({ time: null, level: null, message: line, fields }) };
  const subject = new Subject(origin, parser).of({
    ...{ offset: 0, end: 1, time, level, flags: 0, stream: origin.stream },
    changes: changes ?? null,
    raw: Buffer.from(line),
  });
  return matches(query(text), subject);
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
      '*fused',
      '*nectio*',
      'con*ion',
      'C:\\hmtt',
    ])
      expect(hit(found, line), found).toBe(true);
    for (const lost of [
      'connect',
      'fused',
      'ab1',
      'db-77',
      '"refused db"',
      '连失',
      'conn',
      'con*refused',
      'on*ion',
    ])
      expect(hit(lost, line), lost).toBe(false);
  });

  it('AND, OR, NOT and parentheses bind as they look, in three ways of writing them', () => {
    expect(hit('a b', 'a b')).toBe(true);
    expect(hit('a AND c', 'a b')).toBe(false);
    expect(hit('c OR a b', 'a b')).toBe(true);
    expect(hit('(c OR a) AND NOT b', 'a b')).toBe(false);
    expect(hit('a -c', 'a b')).toBe(true);
    expect(hit('NOT NOT a', 'a')).toBe(true);
    expect(hit('"AND"', 'this AND that')).toBe(true);
    expect(hit('', 'anything')).toBe(true);
    expect(hit('（c 或 a） 与 非 d', 'a b')).toBe(true);
    expect(hit('c || a && !d', 'a b')).toBe(true);
    expect(hit('“a b”', 'x a b')).toBe(true);
  });

  it('level, source, host and fields', () => {
    expect(hit('level:error', 'x', { level: 5 })).toBe(true);
    expect(hit('level:ERR', 'x', { level: 5 })).toBe(true);
    expect(hit('级别：错误', 'x', { level: 5 })).toBe(true);
    expect(hit('level>=warn', 'x', { level: 3 })).toBe(false);
    expect(hit('level＞＝warn', 'x', { level: 4 })).toBe(true);
    expect(hit('level:>=warn', 'x', { level: 6 })).toBe(true);
    expect(hit('level:(error OR fatal)', 'x', { level: 6 })).toBe(true);
    expect(hit('level<warn', 'x', { level: 0 })).toBe(false);
    expect(hit('source:"hmtt log" host:app-*', 'x')).toBe(true);
    expect(hit('source:src-1', 'x')).toBe(true);
    expect(hit('host:app-2', 'x')).toBe(false);
    expect(hit('host:/^app-[12]$/ source:/log$/ stream:/ERROR/i', 'x', { fields: { host: 'other' } })).toBe(
      true,
    );
    expect(hit('host:/app-[2-9]/ OR stream:/logs/', 'x', { fields: { host: 'app-2' } })).toBe(false);
    expect(hit('tag:/^slow/', 'x', { changes: { tags: ['new', 'slow-query'] } })).toBe(true);
    expect(hit('tag:/^slow/', 'slow')).toBe(false);
    const fields = { status: '500', 'http.path': '/api/Order', took: '1.5' };
    const line = JSON.stringify(fields);
    for (const found of [
      'status:500',
      'status:5*',
      'status:*',
      'status>499',
      'status>=500',
      'took<2',
      'http.path:/api/*',
      'http.path:/^.api.[A-Z]/',
      'STATUS:500',
      'status:(404 OR 500)',
    ])
      expect(hit(found, line, { fields }), found).toBe(true);
    for (const lost of [
      'status:50',
      'status>500',
      'http.path:/api',
      'none:1',
      'none:*',
      'http.path>1',
      'took:/^2/',
    ])
      expect(hit(lost, line, { fields }), lost).toBe(false);
    expect(hit('http://db-7/x', 'GET http://db-7/x done')).toBe(true);
    expect(hit('错误：连接失败', '错误：连接失败')).toBe(true);
  });

  it('streams by name, and by the name with a day', () => {
    expect(hit('stream:hmtt-error', 'x')).toBe(true);
    expect(hit('stream:hmtt-*', 'x')).toBe(true);
    expect(hit('stream:hmtt-error-2026.11.22', 'x')).toBe(true);
    expect(hit('stream:hmtt-error-2026.11.22', 'x', { time: DAY - 1 })).toBe(false);
    expect(hit('stream:hmtt-error-2026.02.31', 'x')).toBe(false);
    expect(hit('stream:other', 'x')).toBe(false);
    expect(hit('tag:slow', 'x', { changes: { tags: ['slow'] } })).toBe(true);
    expect(hit('tag:slow', 'slow')).toBe(false);
    expect(hit('renamed', 'x', { changes: { set: { a: 'renamed' } } })).toBe(true);
  });

  it('regular expressions look at the line as it is', () => {
    expect(hit('/refu[s]ed by db-\\d/', 'Connection refused by db-7')).toBe(true);
    expect(hit('/REFUSED/', 'Connection refused')).toBe(false);
    expect(hit('/REFUSED/i', 'Connection refused')).toBe(true);
    expect(hit('/^数据.连接/', '数据库连接失败')).toBe(true);
    expect(hit('/a\\/b/ x', 'a/b x')).toBe(true);
    expect(hit('/var/log/app.log', 'read /var/log/app.log')).toBe(true);
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
    expect(refusal('x status: 5')).toBe('LOG_QUERY_VALUE 3');
    expect(refusal('磁盘 /ab[c')).toBe('LOG_QUERY_REGEX_END 4');
    expect(refusal('/a/x')).toBe('LOG_QUERY_REGEX_FLAG 1');
    expect(refusal('/a(/')).toBe('LOG_QUERY_REGEX');
    expect(refusal('/(a)\\1/')).toBe('LOG_QUERY_REGEX');
    expect(refusal('('.repeat(100))).toMatch(/^LOG_QUERY_TOO_DEEP/);
    expect(refusal('a '.repeat(300))).toMatch(/^LOG_QUERY_TOO_DEEP/);
  });

  it('says what can be said of a block by its columns alone', () => {
    const known = (level: number, from = DAY, to = DAY) => ({ origin, level, minTime: from, maxTime: to });
    expect(knownVerdict(query('level:error'), known(5))).toBe(true);
    expect(knownVerdict(query('level:error word'), known(5))).toBeNull();
    expect(knownVerdict(query('level:error word'), known(3))).toBe(false);
    expect(knownVerdict(query('NOT word OR host:app-1'), known(3))).toBe(true);
    expect(knownVerdict(query('host:other word'), known(3))).toBe(false);
    expect(knownVerdict(query('主机:/^db/'), known(3))).toBe(false);
    const dated = query('stream:hmtt-error-2026.11.22');
    expect(knownVerdict(dated, known(3, DAY, DAY + 5))).toBe(true);
    expect(knownVerdict(dated, known(3, DAY - 5, DAY + 5))).toBeNull();
    expect(knownVerdict(dated, known(3, DAY - 5, DAY - 1))).toBe(false);
  });

  it('asks the index only for what every match must have', () => {
    const terms = (text: string, fields = true): string => termText(blockTerms(query(text), fields));
    expect(terms('Foo bar')).toBe('((foo) and (bar))');
    expect(terms('foo OR level:error')).toBe('all');
    expect(terms('foo OR bar')).toBe('((foo) or (bar))');
    expect(terms('NOT foo')).toBe('all');
    expect(terms('磁盘满')).toBe('(磁盘 and 盘满)');
    expect(terms('盘')).toBe('all');
    expect(terms('conn*')).toBe('(conn*)');
    expect(terms('*conn')).toBe('all');
    expect(terms('*a-conn')).toBe('(conn)');
    expect(terms('status:a-b')).toBe('(a and b)');
    expect(terms('status:a-b', false)).toBe('all');
    expect(terms('status:a-*')).toBe('(a)');
    expect(terms('"-"')).toBe('all');
    // Of an expression only words that it holds whole are certain.
    expect(terms('/refused by db/')).toBe('(by)');
    expect(terms('/^refused by/')).toBe('(refused)');
    expect(terms('/a (b|c) d e/')).toBe('(d)');
    expect(terms('/数据库.*失败/')).toBe('(数据 and 据库 and 失败)');
    expect(terms('/[0-9]+ms/')).toBe('all');
  });
});

function termText(terms: TermQuery | null): string {
  if (terms === null) return 'all';
  if (terms.kind === 'term') return `${terms.term}${terms.prefix ? '*' : ''}`;
  return `(${terms.items.map(termText).join(` ${terms.kind} `)})`;
}
