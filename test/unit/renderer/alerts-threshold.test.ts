import { describe, expect, it, test } from 'vitest';
import { seriesOfAlert, thresholdOf } from '../../../renderer/pages/alerts/alert/threshold.ts';

describe('the threshold of an expression', () => {
  test.each([
    ['up == 0', 'up', '==', 0],
    ['100 * (1 - a / b) > 90', '100 * (1 - a / b)', '>', 90],
    ['90 < foo', 'foo', '>', 90],
    ['max by (x) (rate(a[5m])) > bool 3', 'max by (x) (rate(a[5m]))', '>', 3],
    ['a > 1 and b < 2', 'a', '>', 1],
    ['(a >= 1e3)', 'a', '>=', 1000],
    ['a > -3', 'a', '>', -3],
    ['predict_linear(a[1h], 3600 * 24) < 0', 'predict_linear(a[1h], 3600 * 24)', '<', 0],
  ] as const)('%s', (text, expr, operator, bound) => {
    expect(thresholdOf(text)).toEqual({ expr, operator, bound });
  });

  test.each(['absent(up)', 'a > b', 'a > 90 * 2', 'a + 1', '', '>'])('%s has none', (text) => {
    expect(thresholdOf(text)).toBeNull();
  });
});

describe('the series of an alert', () => {
  const series = (labels: Record<string, string>) => ({ labels, values: [1] });
  const columns = {
    times: [0],
    series: [series({ __name__: 'up', instance: 'a' }), series({ __name__: 'up', instance: 'b' })],
    seriesOmitted: 0,
    tookMs: 0,
  };

  it('are those whose labels it has', () => {
    const { series: kept } = seriesOfAlert(columns, { alertname: 'Down', instance: 'b', severity: 'page' });
    expect(kept.map(({ labels }) => labels.instance)).toEqual(['b']);
  });

  it('are all where the rule overwrote what tells them apart', () => {
    expect(seriesOfAlert(columns, { instance: 'renamed' }).series).toHaveLength(2);
  });
});
