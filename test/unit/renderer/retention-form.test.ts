import { expect, test } from 'vitest';
import { formatMatchers, parseMatchers } from '../../../renderer/pages/settings/matchers-text.ts';

test('the conditions of a class read back as they were written', () => {
  const matchers = [
    { label: 'job', op: '=', value: 'a "quoted" one' },
    { label: 'instance', op: '!~', value: '10\\..*' },
    { label: 'tier', op: '!=', value: 'two\nlines' },
  ] as const;
  expect(parseMatchers(formatMatchers([...matchers]))).toEqual(matchers);
});

test('braces and blanks are as good as none', () => {
  expect(parseMatchers(' { job = "web" , } ')).toEqual([{ label: 'job', op: '=', value: 'web' }]);
});

test('one backslash before what needs none is a backslash, as in a regular expression', () => {
  expect(parseMatchers('i=~"10\\..*"')).toEqual([{ label: 'i', op: '=~', value: '10\\..*' }]);
});

test.each(['', '{}', 'job', 'job="web', 'job=="web"', '1="x"', 'job="a" job="b"'])(
  '%j is refused',
  (text) => {
    expect(parseMatchers(text)).toBeNull();
  },
);
