import { expect, test } from 'vitest';
import { judgePulse, planReload } from '../../../main/shell/restart-policy.ts';

test.each([
  ['heard just now', { now: 10_000, lastLook: 9_000, lastHeard: 9_500, heard: true }, 'alive'],
  ['silent for 15 s', { now: 25_000, lastLook: 24_000, lastHeard: 10_000, heard: true }, 'alive'],
  ['silent for more', { now: 25_001, lastLook: 24_000, lastHeard: 10_000, heard: true }, 'hung'],
  ['not heard yet, still opening', { now: 100_000, lastLook: 99_000, lastHeard: 0, heard: false }, 'alive'],
  ['not heard yet for too long', { now: 120_001, lastLook: 119_000, lastHeard: 0, heard: false }, 'hung'],
  [
    'the watchdog itself stood still',
    { now: 90_000, lastLook: 30_000, lastHeard: 29_000, heard: true },
    'slept',
  ],
] as const)('%s', (_what, pulse, verdict) => {
  expect(judgePulse(pulse)).toBe(verdict);
});

test.each([
  [[0], 'reload'],
  [[0, 100, 200], 'reload'],
  [[0, 100, 200, 300], 'ask'],
  [[0, 100, 200, 61_000], 'reload'],
] as const)('a page that crashed at %j: %s', (crashes, plan) => {
  expect(planReload(crashes, crashes[crashes.length - 1] ?? 0)).toBe(plan);
});
