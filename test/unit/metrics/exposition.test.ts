import { describe, expect, test } from 'vitest';
import { chooseParser, isOpenMetrics } from '../../../main/engine/metrics/exposition/choose.ts';
import { parseNumber } from '../../../main/engine/metrics/exposition/number.ts';
import { ENTRY, lineOf } from '../../../main/engine/metrics/exposition/types.ts';

const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0';

type Read = { readonly entries: string[]; readonly error: string | null };

/** Everything that a parser says about a document. */
function read(text: string, contentType: string | null = null): Read {
  const body = Buffer.from(text);
  const parser = chooseParser(body, contentType);
  const entries: string[] = [];
  for (;;) {
    const entry = parser.next();
    if (entry === ENTRY.end) return { entries, error: null };
    const failed = (): Read => ({ entries, error: `${lineOf(body, parser.pos)}: ${parser.error.en}` });
    if (entry === ENTRY.error) return failed();
    if (entry === ENTRY.series) {
      const pairs = parser.pairs();
      if (pairs === null) return failed();
      const labels = pairs.map(([name, value]) => `${name}=${value}`).join(' ');
      entries.push(`${labels} ${parser.value}${parser.hasTime ? ` @${parser.time}` : ''}`);
    } else if (entry !== ENTRY.comment)
      entries.push(`${['type', 'help', 'unit'][entry - 2]} ${parser.metaName} ${parser.metaText}`);
  }
}

describe('the text format', () => {
  test('gives metadata, labels, values and times', () => {
    const text = [
      '# HELP a_total Words \\\\ and \\n lines',
      '# TYPE a_total counter',
      'a_total{x="1",y="q\\"b\\\\n\\nz\\t"} 12.5 1700000000000',
      '# anything',
      '',
      'b -Inf',
    ].join('\n');
    expect(read(text)).toEqual({
      entries: [
        'help a_total Words \\ and \n lines',
        'type a_total counter',
        '__name__=a_total x=1 y=q"b\\n\nz\\t 12.5 @1700000000000',
        '__name__=b -Infinity',
      ],
      error: null,
    });
  });

  test.each([
    ['a 1\nb{x="1" 2\n', '2: a label name is expected'],
    ['a 1\n\n\n&\n', '4: a line begins with a metric name or #'],
    ['a{x="1",x="2"} 1\n', '1: a label is given twice'],
    ['a one\n', '1: "one" is not a number'],
    ['a 1 later\n', '1: a time stamp in milliseconds or the end of the line is expected'],
    ['a 1 1 1\n', '1: nothing may follow the time stamp'],
    ['# TYPE a thing\n', '1: "thing" is not a metric type'],
    ['<html>\n', '1: a line begins with a metric name or #'],
    ['a{x=1} 1\n', '1: a value in double quotes is expected'],
    ['a{x="1\n', '1: the quotes are not closed, or the value is too long'],
    ['a\n', '1: a value is expected after the series'],
    [' a 1\n', '1: no blank may stand before a metric name'],
  ])('refuses %j and says where', (text, error) => {
    expect(read(text).error).toBe(error);
  });

  test('shows only the beginning of what is no number', () => {
    expect(read(`a ${'x'.repeat(100_000)}\n`).error?.length).toBeLessThan(120);
  });
});

describe('OpenMetrics', () => {
  test('gives units, times in seconds and passes exemplars', () => {
    const text = [
      '# TYPE a_seconds counter',
      '# UNIT a_seconds seconds',
      '# HELP a_seconds Say \\"x\\"',
      'a_seconds_total{x="1"} 2 1700000000.1239 # {trace="y"} 0.5 1.5',
      '# EOF',
    ].join('\n');
    expect(read(text, OPEN_METRICS)).toEqual({
      entries: [
        'type a_seconds counter',
        'unit a_seconds seconds',
        'help a_seconds Say "x"',
        '__name__=a_seconds_total x=1 2 @1700000000123',
      ],
      error: null,
    });
  });

  test.each([
    ['a 1\n', '2: the document does not end with # EOF'],
    ['a 1\n# EOF\nb 1\n', '3: nothing may follow # EOF'],
    ['a 1\n\n# EOF\n', '2: a line begins with a metric name or "# "'],
    ['# comment\n# EOF\n', '1: only # HELP, # TYPE, # UNIT and # EOF lines begin with #'],
    ['a 1 # {x="y"} 1\n# EOF\n', '1: the metric a cannot have exemplars'],
    ['a{x="y",} 1\n# EOF\n', '1: a label name is expected'],
    ['# UNIT a seconds\n# EOF\n', '1: the unit is not the end of the metric name'],
  ])('refuses %j and says where', (text, error) => {
    expect(read(text, OPEN_METRICS).error).toBe(error);
  });
});

test.each([
  ['application/openmetrics-text', true],
  ['Application/OpenMetrics-Text; version="1.0.0"; charset=utf-8', true],
  ['application/openmetrics-text;', true],
  ['application/openmetrics-text; version=', false],
  ['text/plain; version=0.0.4', false],
  ['', false],
  [null, false],
])('Content-Type %j chooses OpenMetrics: %s', (contentType, expected) => {
  expect(isOpenMetrics(contentType)).toBe(expected);
});

test.each([
  ['0', 0],
  ['-0', -0],
  ['+5', 5],
  ['.5', 0.5],
  ['5.', 5],
  ['1e3', 1000],
  ['1E-3', 0.001],
  ['0.1', 0.1],
  ['123456789012345', 123456789012345],
  ['9007199254740993', 9007199254740992],
  ['0.1234567890123456789', 0.12345678901234568],
  ['1e308', 1e308],
  ['1e-400', 0],
  ['4.9e-324', 5e-324],
  ['inf', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['NaN', Number.NaN],
  ['nan', Number.NaN],
  ['+NaN', null],
  ['1e400', null],
  ['0x10', null],
  ['1_0', null],
  ['1e', null],
  ['', null],
  ['.', null],
  ['-', null],
  ['1.2.3', null],
  ['1 ', null],
  ['9'.repeat(3000), null],
])('the number %j', (text, expected) => {
  const bytes = Buffer.from(text);
  expect(parseNumber(bytes, 0, bytes.length)).toBe(expected);
});
