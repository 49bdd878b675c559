import { expect, test } from 'vitest';
import { expandDashboard, MOST_EXPANDED_PANELS } from '#shared/domain/dashboard/expand.ts';
import { compact, freePlace, moveTo, settle } from '#shared/domain/dashboard/layout.ts';
import { dashboardSchema } from '#shared/domain/dashboard/model.ts';

const board = (rows: unknown) =>
  dashboardSchema.parse({ format: 'hmtt-dashboard', version: 1, uid: 'x', title: 'x', rows });
const text = (id: number, x: number, y: number, w: number, h: number, repeat: unknown = null) => ({
  kind: 'text',
  id,
  place: { x, y, w, h },
  repeat,
});

test('a repeated panel stands once for each value, and what is below moves down', () => {
  const { rows, omitted } = expandDashboard(
    board([{ panels: [text(1, 0, 0, 8, 4, { variable: 'host', most: 2 }), text(2, 0, 4, 24, 3)] }]),
    new Map([['host', ['a', 'b', 'c']]]),
  );
  expect(omitted).toBe(0);
  expect(rows[0]?.panels.map(({ key, place, copyOf }) => [key, place, copyOf])).toEqual([
    ['1=a', { x: 0, y: 0, w: 12, h: 4 }, { host: 'a' }],
    ['1=b', { x: 12, y: 0, w: 12, h: 4 }, { host: 'b' }],
    ['1=c', { x: 0, y: 4, w: 12, h: 4 }, { host: 'c' }],
    ['2', { x: 0, y: 8, w: 24, h: 3 }, {}],
  ]);
  expect(rows[0]?.height).toBe(11);
});

test('a repeated row carries its value to its panels', () => {
  const { rows } = expandDashboard(
    board([{ title: 'x', repeat: 'tier', panels: [text(1, 0, 0, 24, 4, { variable: 'tier' })] }]),
    new Map([['tier', ['business', 'data']]]),
  );
  expect(rows.map(({ key, copyOf, panels }) => [key, copyOf, panels.length])).toEqual([
    ['row-0=business', { tier: 'business' }, 1],
    ['row-0=data', { tier: 'data' }, 1],
  ]);
});

test('without values, a repeated panel stands once', () => {
  const { rows } = expandDashboard(
    board([{ panels: [text(1, 3, 0, 8, 4, { variable: 'host' })] }]),
    new Map(),
  );
  expect(rows[0]?.panels.map(({ key, place }) => [key, place.x, place.w])).toEqual([['1', 3, 8]]);
});

test('an explosion of copies is bounded, and counted', () => {
  const many = Array.from({ length: 300 }, (_, i) => `v${i}`);
  const repeat = { variable: 'v' };
  const { rows, omitted } = expandDashboard(
    board([
      { title: 'r', repeat: 'r', panels: [text(1, 0, 0, 24, 1, repeat), text(2, 0, 1, 24, 1, repeat)] },
    ]),
    new Map([
      ['v', many],
      ['r', many],
    ]),
  );
  expect(rows.flatMap(({ panels }) => panels).length).toBe(MOST_EXPANDED_PANELS);
  expect(omitted).toBeGreaterThan(500);
});

test('a moved panel pushes others down, and gaps close', () => {
  const items = [
    { id: 1, place: { x: 0, y: 0, w: 12, h: 4 } },
    { id: 2, place: { x: 12, y: 0, w: 12, h: 4 } },
    { id: 3, place: { x: 0, y: 4, w: 24, h: 4 } },
  ];
  expect(moveTo(items, 3, { x: 0, y: 0, w: 12, h: 4 }).map(({ place }) => [place.x, place.y])).toEqual([
    [0, 4],
    [12, 0],
    [0, 0],
  ]);
  expect(moveTo(items, 1, { x: 90, y: -5, w: 40, h: 2 })[0]?.place).toEqual({ x: 0, y: 0, w: 24, h: 2 });
  expect(freePlace(items, 12, 2)).toEqual({ x: 0, y: 8, w: 12, h: 2 });
  expect(compact(settle(items))).toEqual(items);
});
