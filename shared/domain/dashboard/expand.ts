import { height, settle } from './layout.ts';
import type { Dashboard, Row } from './model.ts';
import { GRID_COLUMNS, type Panel, type Place } from './panels.ts';

/** Most panels that repeating makes; a screen with more serves nobody. */
export const MOST_EXPANDED_PANELS = 1000;

/** Values of the variables that a copy stands for. */
export type CopyScope = Readonly<Record<string, string>>;

/** A panel as it is shown: the panel itself, or one of its copies. */
export type ShownPanel = {
  /** Stable as long as the value is chosen. */
  readonly key: string;
  readonly panel: Panel;
  /** From the row's top. */
  readonly place: Place;
  readonly copyOf: CopyScope;
};

/** A row as it is shown. */
export type ShownRow = {
  readonly key: string;
  readonly row: Row;
  /** Its number in the dashboard. */
  readonly index: number;
  readonly copyOf: CopyScope;
  readonly panels: readonly ShownPanel[];
  /** Grid rows, without the heading. */
  readonly height: number;
};

/** All rows, and how many copies did not come because of the bound. */
export type Expanded = { readonly rows: readonly ShownRow[]; readonly omitted: number };

/** Stands a repeated thing for each of its values; without values once, as it is. */
function copies(
  variable: string | null,
  values: ReadonlyMap<string, readonly string[]>,
): readonly CopyScope[] {
  const chosen = variable === null ? undefined : values.get(variable);
  if (variable === null || chosen === undefined || chosen.length === 0) return [{}];
  return [...new Set(chosen)].map((value) => ({ [variable]: value }));
}

function keyOf(copyOf: CopyScope): string {
  const [value] = Object.values(copyOf);
  return value === undefined ? '' : `=${value}`;
}

type Room = { left: number; omitted: number };

/** The copies of a panel beside or below each other, where the panel stands. */
function placeCopies(panel: Panel, count: number): readonly Place[] {
  const { place, repeat } = panel;
  if (repeat === null || count < 2) return [place];
  if (repeat.direction === 'down')
    return Array.from({ length: count }, (_, i) => ({ ...place, y: place.y + i * place.h }));
  const across = Math.min(count, repeat.most);
  const w = Math.floor(GRID_COLUMNS / across);
  return Array.from({ length: count }, (_, i) => ({
    w,
    h: place.h,
    x: (i % across) * w,
    y: place.y + Math.floor(i / across) * place.h,
  }));
}

function expandRow(
  row: Row,
  rowScope: CopyScope,
  values: ReadonlyMap<string, readonly string[]>,
  room: Room,
): readonly ShownPanel[] {
  // A panel that repeats by the row's own variable is that one copy.
  const own = new Map([
    ...values,
    ...Object.entries(rowScope).map(([name, value]) => [name, [value]] as const),
  ]);
  const ordered = [...row.panels].sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);
  const shown: ShownPanel[] = [];
  let down = 0;
  for (const panel of ordered) {
    const scopes = copies(panel.repeat?.variable ?? null, own);
    const fit = scopes.slice(0, Math.max(0, room.left));
    room.left -= fit.length;
    room.omitted += scopes.length - fit.length;
    const places = placeCopies(panel, fit.length);
    fit.forEach((copy, i) => {
      const place = places[i] ?? panel.place;
      shown.push({
        key: `${panel.id}${keyOf(copy)}`,
        panel,
        place: { ...place, y: place.y + down },
        copyOf: { ...rowScope, ...copy },
      });
    });
    if (places.length > 1) {
      const bottom = Math.max(...places.map(({ y, h }) => y + h));
      down += bottom - (panel.place.y + panel.place.h);
    }
  }
  return settle(shown);
}

/**
 * Rows and panels as they are shown, with a copy for each chosen value of a repeated one. Places never overlap.
 *
 * @param values chosen values by the variable's name
 */
export function expandDashboard(
  { rows }: Pick<Dashboard, 'rows'>,
  values: ReadonlyMap<string, readonly string[]>,
): Expanded {
  const room: Room = { left: MOST_EXPANDED_PANELS, omitted: 0 };
  const shown: ShownRow[] = [];
  rows.forEach((row, index) => {
    for (const copyOf of copies(row.repeat, values)) {
      if (room.left <= 0) {
        room.omitted += Math.max(1, row.panels.length);
        continue;
      }
      const panels = expandRow(row, copyOf, values, room);
      shown.push({ key: `row-${index}${keyOf(copyOf)}`, row, index, copyOf, panels, height: height(panels) });
    }
  });
  return { rows: shown, omitted: room.omitted };
}
