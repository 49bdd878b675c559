// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to variables are what is tested.
import { describe, expect, test } from 'vitest';
import type { VariableValue } from '#shared/domain/dashboard/formats.ts';
import {
  interpolateExpression,
  interpolateText,
  rateIntervalMs,
  type Scope,
} from '#shared/domain/dashboard/interpolate.ts';

const value = (
  name: string,
  values: readonly string[],
  more: Partial<VariableValue> = {},
): VariableValue => ({
  name,
  values,
  texts: values,
  several: values.length > 1,
  all: null,
  ...more,
});

function scope(...values: readonly VariableValue[]): Scope {
  return {
    variables: new Map(values.map((each) => [each.name, each])),
    from: Date.UTC(2026, 0, 2, 3, 4, 5),
    to: Date.UTC(2026, 0, 2, 9, 4, 5),
    stepMs: 60_000,
    scrapeMs: 15_000,
    dashboard: 'Site',
  };
}

const host = value('host', ['app-1:9100', 'app-2.x'], { several: true });
const one = value('host', ['app-1:9100']);

describe('variables in expressions', () => {
  test('one value stands as it is, several are a regular expression, escaped for the quotes', () => {
    expect(interpolateExpression('up{instance="$host"}', scope(one))).toBe('up{instance="app-1:9100"}');
    expect(interpolateExpression('up{instance=~"$host"}', scope(host))).toBe(
      'up{instance=~"(app-1:9100|app-2\\\\.x)"}',
    );
    expect(interpolateExpression("up{instance=~'[[host]]'}", scope(host))).toBe(
      "up{instance=~'(app-1:9100|app-2\\\\.x)'}",
    );
    expect(interpolateExpression('up{instance=~`${host}`}', scope(host))).toBe(
      'up{instance=~`(app-1:9100|app-2\\.x)`}',
    );
  });

  test('a value cannot end the string that it stands in', () => {
    const evil = value('host', ['a"} or vector(1) #', "b'", 'c\\', 'd\n']);
    const single = (text: string): Scope => scope(value('host', [text]));
    expect(interpolateExpression('up{x="$host"}', single('a"} or 1'))).toBe('up{x="a\\"} or 1"}');
    expect(interpolateExpression("up{x='$host'}", single("b'} or 1"))).toBe("up{x='b\\'} or 1'}");
    expect(interpolateExpression('up{x="$host"}', single('c\\'))).toBe('up{x="c\\\\"}');
    expect(interpolateExpression('up{x=`$host`}', single('a`b'))).toBe('up{x=`ab`}');
    expect(interpolateExpression('up{x=~"$host"}', scope(evil))).not.toContain('\n');
  });

  test('what stands for all values is written as it is', () => {
    const all = value('host', ['a', 'b'], { several: true, all: '.*' });
    expect(interpolateExpression('up{x=~"$host"}', scope(all))).toBe('up{x=~".*"}');
    expect(interpolateExpression('up{x=~"${host:regex}"}', scope(all))).toBe('up{x=~".*"}');
  });

  test('durations, numbers and metrics stand outside of quotes', () => {
    const filled = interpolateExpression(
      'topk($n, rate(${metric}[$__rate_interval]))',
      scope(value('n', ['5']), value('metric', ['x_total'])),
    );
    expect(filled).toBe('topk(5, rate(x_total[1m15s]))');
    expect(interpolateExpression('x[$__interval]', scope())).toBe('x[1m]');
    expect(interpolateExpression('x[$__range] $__range_s $__range_ms ${__interval_ms}', scope())).toBe(
      'x[21600s] 21600 21600000 60000',
    );
  });

  test('what is not a variable stays, in comments, escapes and brackets too', () => {
    const expr = 'x{a="\\"$nobody", b=~"^a$"}[5m] # "$host\n + y[[5m]]';
    expect(interpolateExpression(expr, scope())).toBe(expr);
    expect(interpolateExpression('label_replace(x, "a", "$1", "b", "(.*)")', scope(host))).toContain('"$1"');
  });
});

describe('formats', () => {
  test.each([
    ['csv', 'app-1:9100,app-2.x'],
    ['raw', 'app-1:9100,app-2.x'],
    ['pipe', 'app-1:9100|app-2.x'],
    ['json', '["app-1:9100","app-2.x"]'],
    ['regex', '(app-1:9100|app-2\\.x)'],
    ['glob', '{app-1:9100,app-2.x}'],
    ['text', 'app-1:9100 + app-2.x'],
    ['percentencode', '%7Bapp-1%3A9100%2Capp-2.x%7D'],
    ['distributed', 'app-1:9100,host=app-2.x'],
    ['queryparam', 'var-host=app-1%3A9100&var-host=app-2.x'],
    ['singlequote', "'app-1:9100','app-2.x'"],
    ['doublequote', '"app-1:9100","app-2.x"'],
    ['sqlstring', "'app-1:9100','app-2.x'"],
    ['lucene', '("app-1:9100" OR "app-2.x")'],
    ['join:;', 'app-1:9100;app-2.x'],
  ])('%s', (format, expected) => {
    expect(interpolateText(`\${host:${format}}`, scope(host))).toBe(expected);
  });

  test('times', () => {
    expect(interpolateText('$__from ${__to:date:seconds}', scope())).toBe('1767323045000 1767344645');
    expect(interpolateText('${__from:date:YYYY-MM-DD HH:mm}', scope())).toBe('2026-01-02 03:04');
    expect(interpolateText('${__from:date}', scope())).toBe('2026-01-02T03:04:05.000Z');
    expect(interpolateText('$__dashboard: $host', scope(one))).toBe('Site: app-1:9100');
  });

  test('texts say All, links do not', () => {
    const all = value('host', ['a', 'b'], { several: true, all: '.*', texts: ['全部'] });
    expect(interpolateText('$host', scope(all))).toBe('全部');
    expect(interpolateText('${host:queryparam}', scope(all))).toBe('var-host=a&var-host=b');
  });
});

test('a rate has two samples in its range', () => {
  expect(rateIntervalMs(15_000, 15_000)).toBe(60_000);
  expect(rateIntervalMs(120_000, 15_000)).toBe(135_000);
});
