import { describe, expect, it } from 'vitest';
import {
  composeQuery,
  noFilters,
  parseFilters,
  toggled,
  writeFilters,
} from '../../../renderer/pages/logs/log-filters.ts';

describe('the filters of the logs page in its address', () => {
  it('survive the way through the address', () => {
    const filters = {
      text: 'timeout AND "port 80"',
      levels: ['error', 'warn'],
      sources: ['a b', 'hmtt'],
    } as const;
    const params = writeFilters(new URLSearchParams('range=1h'), filters);
    expect(params.get('range')).toBe('1h');
    expect(parseFilters(new URLSearchParams(params.toString()))).toEqual(filters);
  });

  it('leave no trace when nothing is narrowed', () => {
    const params = writeFilters(new URLSearchParams('q=x&levels=error&source=s&tab=search'), noFilters);
    expect(params.toString()).toBe('tab=search');
  });

  it('leave out levels that do not exist and double sources', () => {
    expect(parseFilters(new URLSearchParams('levels=loud,error,error&source=a&source=a&source='))).toEqual({
      text: '',
      levels: ['error'],
      sources: ['a'],
    });
  });

  it('toggle', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });
});

describe('the query that the engine is asked', () => {
  it.each([
    [noFilters, ''],
    [{ ...noFilters, text: '  timeout ' }, 'timeout'],
    [{ ...noFilters, levels: ['error'] }, 'level:error'],
    [{ ...noFilters, levels: ['fatal', 'error'] }, '(level:fatal OR level:error)'],
    [
      { text: 'disk full', levels: ['error'], sources: ['hmtt'] },
      'disk full AND level:error AND source:hmtt',
    ],
    [{ text: 'a OR b', levels: ['error'], sources: [] }, '(a OR b) AND level:error'],
    [{ text: '', levels: [], sources: ['my "app"\\1'] }, 'source:"my \\"app\\"\\\\1"'],
    [{ text: '', levels: [], sources: ['应用日志'] }, 'source:应用日志'],
  ] as const)('is composed of text, levels and sources: %o', (filters, query) => {
    expect(composeQuery(filters)).toBe(query);
  });

  it('keeps the columns of the typed text unless an OR needs parentheses', () => {
    const text = 'foo AND (bar';
    expect(composeQuery({ text, levels: ['error'], sources: [] }).startsWith(text)).toBe(true);
  });
});
