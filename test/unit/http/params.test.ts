import { describe, expect, test } from 'vitest';
import {
  optionalLimit,
  parseApiTime,
  parseParams,
  requiredDuration,
} from '../../../main/engine/http/params.ts';

describe('parameters', () => {
  test('the body comes before the address, and all values are kept', () => {
    const params = parseParams('query=a+b&match[]=%7B%7D', 'query=c&match%5B%5D=up&empty&=x');
    expect(params.get('query')).toBe('a b');
    expect(params.all('query')).toEqual(['a b', 'c']);
    expect(params.all('match[]')).toEqual(['{}', 'up']);
    expect(params.get('empty')).toBe('');
    expect(params.all('absent')).toEqual([]);
    expect(params.malformed).toBeNull();
  });

  test('a pair that is not well encoded is left out and named', () => {
    expect(parseParams('a=%zz&b=1')).toMatchObject({ malformed: 'invalid URL escape "%zz"' });
    expect(parseParams('a=%zz&b=1').get('b')).toBe('1');
    expect(parseParams('a=1;2').malformed).toBe('invalid semicolon separator in query');
    expect(parseParams('a=%').malformed).toBe('invalid URL escape "%"');
    expect(parseParams('a=%ff%41').get('a')).toBe('\ufffdA');
    expect(parseParams('__proto__=1&constructor=2').get('constructor')).toBe('2');
  });

  test.each([
    ['0', 0],
    ['1.5', 1_500],
    ['1435781430.781', 1_435_781_430_781],
    ['-5.001', -5_001],
    ['1e3', 1_000_000],
    ['.5', 500],
    ['2015-07-01T20:10:51.781Z', 1_435_781_451_781],
    ['2015-07-01T20:10:51.7819999+02:00', 1_435_774_251_781],
    ['2020-02-31T00:00:00Z', null],
    ['2020-01-01', null],
    ['2020-01-01T25:00:00Z', null],
    ['1e300', null],
    ['NaN', null],
    ['Infinity', null],
    ['0x10', null],
    ['now', null],
    ['', null],
  ])('time %j', (text, wanted) => {
    expect(parseApiTime(text)).toBe(wanted);
  });

  test('durations are seconds or have units', () => {
    const read = (text: string) => requiredDuration(parseParams(`step=${text}`), 'step');
    expect(read('15')).toBe(15_000);
    expect(read('0.25')).toBe(250);
    expect(read('1h30m')).toBe(5_400_000);
    expect(() => read('x')).toThrow('invalid parameter "step": cannot parse "x" to a valid duration');
    expect(() => read('1e20')).toThrow('It overflows int64');
  });

  test('a limit is a number, or absent', () => {
    expect(optionalLimit(parseParams(''))).toBe(-1);
    expect(optionalLimit(parseParams('limit=0'))).toBe(0);
    expect(() => optionalLimit(parseParams('limit=x'))).toThrow('limit must be a number');
  });
});
