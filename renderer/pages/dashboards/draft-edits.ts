import { freePlace, moveTo } from '#shared/domain/dashboard/layout.ts';
import { type Dashboard, panelsOf, type Row } from '#shared/domain/dashboard/model.ts';
import {
  GRID_COLUMNS,
  type Panel,
  type PanelKind,
  type Place,
  panelSchema,
} from '#shared/domain/dashboard/panels.ts';

/** A change of a dashboard: pure, so that it can be undone by keeping what was before. */
export type Edit = (before: Dashboard) => Dashboard;

/** How large a new panel is, by its kind. */
const SIZES: Readonly<Record<PanelKind, Pick<Place, 'w' | 'h'>>> = {
  timeseries: { w: 12, h: 8 },
  stat: { w: 6, h: 4 },
  gauge: { w: 6, h: 6 },
  bar: { w: 8, h: 6 },
  table: { w: 12, h: 8 },
  heatmap: { w: 12, h: 8 },
  states: { w: 12, h: 6 },
  logs: { w: 12, h: 8 },
  alerts: { w: 8, h: 8 },
  backups: { w: 8, h: 6 },
  text: { w: 6, h: 4 },
};

/** The number of a panel that is in no dashboard yet. */
export function nextPanelId(dashboard: Pick<Dashboard, 'rows'>): number {
  return panelsOf(dashboard).reduce((most, { id }) => Math.max(most, id), 0) + 1;
}

/** The panel with a number; null when it is not there. */
export function panelById(dashboard: Pick<Dashboard, 'rows'>, id: number): Panel | null {
  return panelsOf(dashboard).find((panel) => panel.id === id) ?? null;
}

function inRow(dashboard: Dashboard, at: number, edit: (row: Row) => Row): Dashboard {
  return { ...dashboard, rows: dashboard.rows.map((row, index) => (index === at ? edit(row) : row)) };
}

/** The row in which a panel stands; -1 when it is nowhere. */
export function rowOf(dashboard: Pick<Dashboard, 'rows'>, id: number): number {
  return dashboard.rows.findIndex(({ panels }) => panels.some((panel) => panel.id === id));
}

/** A new panel of a kind, where there is room in a row. A dashboard without rows gets one. */
export function withNewPanel(kind: PanelKind, row: number, title: string): Edit {
  return (before) => {
    const dashboard =
      before.rows.length > 0
        ? before
        : { ...before, rows: [{ title: '', folded: false, repeat: null, panels: [] }] };
    const at = Math.min(Math.max(0, row), dashboard.rows.length - 1);
    const { w, h } = SIZES[kind];
    const place = freePlace(dashboard.rows[at]?.panels ?? [], w, h);
    const targets = { targets: [{ ref: 'A', expr: '' }] };
    const asks = !['logs', 'alerts', 'backups', 'text'].includes(kind);
    const panel = panelSchema.parse({
      kind,
      id: nextPanelId(dashboard),
      title,
      place,
      ...(asks ? targets : {}),
    });
    return inRow(dashboard, at, (old) => ({ ...old, panels: [...old.panels, panel] }));
  };
}

/** A panel beside itself, with a number of its own. */
export function withCopyOf(id: number): Edit {
  return (before) => {
    const panel = panelById(before, id);
    if (panel === null) return before;
    return inRow(before, rowOf(before, id), (row) => ({
      ...row,
      panels: [
        ...row.panels,
        { ...panel, id: nextPanelId(before), place: freePlace(row.panels, panel.place.w, panel.place.h) },
      ],
    }));
  };
}

export function withoutPanel(id: number): Edit {
  return (before) =>
    inRow(before, rowOf(before, id), (row) => ({
      ...row,
      panels: row.panels.filter((panel) => panel.id !== id),
    }));
}

/** A panel in the place of the one with the same number. */
export function withPanel(next: Panel): Edit {
  return (before) =>
    inRow(before, rowOf(before, next.id), (row) => ({
      ...row,
      panels: row.panels.map((panel) => (panel.id === next.id ? next : panel)),
    }));
}

/** A panel at another place of its row; those in the way move down, gaps close. */
export function withPlace(id: number, place: Place): Edit {
  return (before) =>
    inRow(before, rowOf(before, id), (row) => ({ ...row, panels: [...moveTo(row.panels, id, place)] }));
}

/** A panel at the end of another row. */
export function withPanelInRow(id: number, row: number): Edit {
  return (before) => {
    const panel = panelById(before, id);
    const target = before.rows[row];
    if (panel === null || target === undefined || rowOf(before, id) === row) return before;
    const place = freePlace(target.panels, panel.place.w, panel.place.h);
    return inRow(withoutPanel(id)(before), row, (old) => ({
      ...old,
      panels: [...old.panels, { ...panel, place }],
    }));
  };
}

export function withRow(at: number, change: Partial<Row>): Edit {
  return (before) => inRow(before, at, (row) => ({ ...row, ...change }));
}

export function withNewRow(title: string): Edit {
  return (before) => ({
    ...before,
    rows: [...before.rows, { title, folded: false, repeat: null, panels: [] }],
  });
}

/** Without a row; its panels go to the end of the row above it, or below when it is the first. */
export function withoutRow(at: number): Edit {
  return (before) => {
    const row = before.rows[at];
    if (row === undefined || before.rows.length < 2) return before;
    const to = at === 0 ? 1 : at - 1;
    const moved = row.panels.reduce((now, { id }) => withPanelInRow(id, to)(now), before);
    return { ...moved, rows: moved.rows.filter((_, index) => index !== at) };
  };
}

/** A row with its neighbour changed places. */
export function withRowMoved(at: number, by: -1 | 1): Edit {
  return (before) => {
    const a = before.rows[at];
    const b = before.rows[at + by];
    if (a === undefined || b === undefined) return before;
    return {
      ...before,
      rows: before.rows.map((row, index) => (index === at ? b : index === at + by ? a : row)),
    };
  };
}

/** What an arrow key does to a place: moves it by one, or with Shift changes its size. */
export function nudged(place: Place, key: string, resize: boolean): Place | null {
  const dx = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0;
  const dy = key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : 0;
  if (dx === 0 && dy === 0) return null;
  if (resize) {
    const w = Math.min(GRID_COLUMNS - place.x, Math.max(1, place.w + dx));
    return { ...place, w, h: Math.max(1, place.h + dy) };
  }
  return {
    ...place,
    x: Math.min(GRID_COLUMNS - place.w, Math.max(0, place.x + dx)),
    y: Math.max(0, place.y + dy),
  };
}
