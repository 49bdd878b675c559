import { expect, test } from 'vitest';
import { displayValue, isKnownUnit } from '#shared/units/display.ts';

test.each([
  [0, 'bytes', null, '0 B'],
  [1536, 'bytes', null, '1.50 KiB'],
  [1_500_000, 'decbytes', null, '1.5 MB'],
  [2048, 'kbytes', null, '2 MiB'],
  [1_000_000, 'Bps', null, '1 MB/s'],
  [1024 * 1024, 'binBps', null, '1 MiB/s'],
  [8e9, 'bps', null, '8 Gb/s'],
  [0.4236, 'percentunit', null, '42.36 %'],
  [42.361, 'percent', 1, '42.4 %'],
  [0.0025, 's', null, '2.5 ms'],
  [90, 's', null, '1.5 min'],
  [0, 's', null, '0 s'],
  [172_800, 's', null, '2 d'],
  [1500, 'ms', null, '1.5 s'],
  [2, 'h', null, '2 h'],
  [12_345, 'short', null, '12.35 K'],
  [12_345, '', null, '12,345'],
  [1_234_567, 'reqps', 1, '1.2 M req/s'],
  [3, 'reqps', null, '3 req/s'],
  [21.5, 'celsius', null, '21.5 °C'],
  [3, 'suffix:rows', null, '3 rows'],
  [3, 'prefix:No. ', null, 'No. 3'],
  [5, 'nobody-knows', null, '5 nobody-knows'],
  [1, 'bool_yes_no', null, 'Yes'],
  [3661, 'dtdurations', null, '01:01:01'],
  [-2048, 'bytes', null, '-2.00 KiB'],
  [Number.NaN, 'bytes', null, 'NaN'],
  [Number.POSITIVE_INFINITY, 's', null, '+Inf'],
  [0.5, 'watt', null, '500 mW'],
] as const)('%s as %s', (value, unit, decimals, expected) => {
  const shown = displayValue(value, unit, decimals);
  expect(`${shown.number} ${shown.unit}`.trim()).toBe(expected);
});

test('units that are not known are told apart', () => {
  expect(isKnownUnit('percentunit')).toBe(true);
  expect(isKnownUnit('suffix:x')).toBe(true);
  expect(isKnownUnit('constructor')).toBe(false);
});
