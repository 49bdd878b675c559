import { describe, expect, it } from 'vitest';
import { asCondition, queryValue, withCondition } from '../../../renderer/pages/logs/log-filters.ts';
import { placeAt } from '../../../renderer/pages/logs/query/completion.ts';
import { holdsRegex, queryProblem, spanOfColumn } from '../../../renderer/pages/logs/query/problem.ts';

describe('what stands at the cursor of a query', () => {
  it.each([
    ['', { kind: 'term', from: 0, typed: '' }],
    ['le', { kind: 'term', from: 0, typed: 'le' }],
    ['level:', { kind: 'value', field: 'level', from: 6, typed: '' }],
    ['级别：err', { kind: 'value', field: 'level', from: 3, typed: 'err' }],
    ['timeout AND host:ap', { kind: 'value', field: 'host', from: 17, typed: 'ap' }],
    ['(sou', { kind: 'term', from: 1, typed: 'sou' }],
    ['timeout ', { kind: 'term', from: 8, typed: '' }],
    ['"connection ref', null],
    ['/conn', { kind: 'term', from: 0, typed: '/conn' }],
  ])('%j', (query, place) => {
    expect(placeAt(query, query.length)).toEqual(place);
  });
});

describe('a mistake in a query', () => {
  it.each([
    ['timeout AND (refused', 13, '('],
    ['level:loud', 1, 'level:'],
    ['日志 "没有结束', 4, '"没有结束'],
    ['a OR', 5, 'R'],
  ])('of %j is marked at its piece', (query, column, marked) => {
    expect(queryProblem(query)?.column).toBe(column);
    const { from, to } = spanOfColumn(query, column);
    expect(query.slice(from, to)).toContain(marked);
  });

  it('is left to the engine where a regular expression has to be compiled', () => {
    expect(holdsRegex('level:error /a+b/')).toBe(true);
    expect(holdsRegex('level:error "/a+b/"')).toBe(false);
  });
});

describe('a condition that is added by a click', () => {
  it('binds to all of what was typed', () => {
    expect(withCondition('', 'level:error')).toBe('level:error');
    expect(withCondition(' timeout ', 'level:error')).toBe('timeout level:error');
    expect(withCondition('a OR b', 'NOT c')).toBe('(a OR b) NOT c');
    expect(withCondition('a 或 b', 'c')).toBe('(a 或 b) c');
    expect(withCondition('"a OR b"', 'c')).toBe('"a OR b" c');
  });

  it('is quoted where the language would read something else in it', () => {
    expect(asCondition('status', '200')).toBe('status:200');
    expect(asCondition('path', '/api/orders/')).toBe('path:"/api/orders/"');
    expect(asCondition('user', '张 三')).toBe('user:"张 三"');
    expect(asCondition('odd name', 'a"b')).toBe('"a\\"b"');
    expect(queryValue('-5')).toBe('"-5"');
  });
});
