import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Place, planPlace } from '../../../main/shell/window-place.ts';

const full: Place = { x: 0, y: 27, width: 1920, height: 1053 };
const left: Place = { x: -1280, y: 0, width: 1280, height: 1024 };
const small: Place = { x: 0, y: 0, width: 800, height: 480 };

test('a first start opens in the middle of the first screen', () => {
  expect(planPlace(null, [full])).toEqual({ x: 277, y: 170, width: 1366, height: 768 });
});

test.each([
  ['on the first screen', { x: 100, y: 100, width: 1200, height: 800 }],
  ['on another screen', { x: -1200, y: 50, width: 1000, height: 700 }],
  ['partly off', { x: 1700, y: 500, width: 1200, height: 800 }],
])('a kept place %s stays', (_what, kept) => {
  expect(planPlace(kept, [full, left])).toEqual(kept);
});

test.each([
  ['on a screen that is gone', { x: -1200, y: 50, width: 1000, height: 700 }],
  ['with its title above the screen', { x: 100, y: -200, width: 1000, height: 700 }],
  ['with almost nothing on the screen', { x: 1900, y: 100, width: 1000, height: 700 }],
  ['below the screen', { x: 100, y: 1075, width: 1000, height: 700 }],
])('a kept place %s comes back to the middle, as large as it was', (_what, kept) => {
  expect(planPlace(kept, [full])).toEqual({ x: 460, y: 204, width: 1000, height: 700 });
});

test('a screen smaller than the smallest window gets a window of its size', () => {
  expect(planPlace(null, [small])).toEqual(small);
});

test('wherever it was, the title can be got hold of and the window fits a screen', () => {
  const number = fc.integer({ min: -40_000, max: 40_000 });
  const size = fc.integer({ min: 1, max: 40_000 });
  fc.assert(
    fc.property(fc.record({ x: number, y: number, width: size, height: size }), (kept) => {
      const place = planPlace(kept, [full, left]);
      const screen = [full, left].find(
        (area) =>
          place.x + place.width >= area.x + 120 &&
          place.x <= area.x + area.width - 120 &&
          place.y >= area.y &&
          place.y <= area.y + area.height - 32,
      );
      expect(screen).toBeDefined();
      expect(place.width).toBeLessThanOrEqual(screen?.width ?? 0);
      expect(place.height).toBeLessThanOrEqual(screen?.height ?? 0);
    }),
  );
});
