import { GRID_COLUMNS, type Place } from './panels.ts';

/** Something with a place on the grid. */
type Placed = { readonly place: Place };

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function inReadingOrder<T extends Placed>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);
}

/** The next place at or below one's own that none of the others takes. */
function firstFree(wanted: Place, taken: readonly Place[]): Place {
  let place = wanted;
  for (;;) {
    const inTheWay = taken.filter((other) => overlap(place, other));
    if (inTheWay.length === 0) return place;
    place = { ...place, y: Math.max(...inTheWay.map(({ y, h }) => y + h)) };
  }
}

/**
 * Moves panels down until none overlaps another. Panels of `first` keep their places, as far as they do not overlap each other;
 * the rest comes in reading order. The list keeps its order.
 */
export function settle<T extends Placed>(
  items: readonly T[],
  first: (item: T) => boolean = () => false,
): readonly T[] {
  const ordered = [
    ...inReadingOrder(items.filter(first)),
    ...inReadingOrder(items.filter((item) => !first(item))),
  ];
  const taken: Place[] = [];
  const places = new Map<T, Place>();
  for (const item of ordered) {
    const place = firstFree(item.place, taken);
    taken.push(place);
    places.set(item, place);
  }
  return items.map((item) => withPlace(item, places.get(item)));
}

/** Moves panels up as far as those above let them. They must not overlap. */
export function compact<T extends Placed>(items: readonly T[]): readonly T[] {
  const bottom = new Array<number>(GRID_COLUMNS).fill(0);
  const places = new Map<T, Place>();
  for (const item of inReadingOrder(items)) {
    const { x, w, h } = item.place;
    const y = Math.max(...bottom.slice(x, x + w));
    bottom.fill(y + h, x, x + w);
    places.set(item, { ...item.place, y });
  }
  return items.map((item) => withPlace(item, places.get(item)));
}

function withPlace<T extends Placed>(item: T, place: Place | undefined): T {
  if (place === undefined || (place.y === item.place.y && place.x === item.place.x)) return item;
  return { ...item, place };
}

/** Puts a panel at a place, which is brought into the grid; those in the way move down, gaps close. */
export function moveTo<T extends Placed & { readonly id: number }>(
  items: readonly T[],
  id: number,
  wanted: Place,
): readonly T[] {
  const w = Math.min(GRID_COLUMNS, Math.max(1, Math.round(wanted.w)));
  const place = {
    w,
    h: Math.min(200, Math.max(1, Math.round(wanted.h))),
    x: Math.min(GRID_COLUMNS - w, Math.max(0, Math.round(wanted.x))),
    y: Math.min(10_000, Math.max(0, Math.round(wanted.y))),
  };
  const moved = items.map((item) => (item.id === id ? { ...item, place } : item));
  return compact(settle(moved, (item) => item.id === id));
}

/** A place for a new panel: the highest gap that is wide and high enough, else below everything. */
export function freePlace(items: readonly Placed[], w: number, h: number): Place {
  const taken = items.map(({ place }) => place);
  const rows = [0, ...taken.map(({ y, h: height }) => y + height)].sort((a, b) => a - b);
  for (const y of rows) {
    for (let x = 0; x + w <= GRID_COLUMNS; x++) {
      const place = { x, y, w, h };
      if (!taken.some((other) => overlap(place, other))) return place;
    }
  }
  return { x: 0, y: height(items), w, h };
}

/** Grid rows from the top to the end of the lowest panel. */
export function height(items: readonly Placed[]): number {
  return items.reduce((most, { place }) => Math.max(most, place.y + place.h), 0);
}
