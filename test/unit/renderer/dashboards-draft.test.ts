import { describe, expect, it } from 'vitest';
import { type Dashboard, dashboardSchema, panelsOf } from '#shared/domain/dashboard/model.ts';
import {
  nextPanelId,
  nudged,
  rowOf,
  withCopyOf,
  withNewPanel,
  withoutPanel,
  withoutRow,
  withPanelInRow,
  withPlace,
} from '../../../renderer/pages/dashboards/draft-edits.ts';
import { freeRef } from '../../../renderer/pages/dashboards/edit/targets-form.tsx';
import { draggedPlace } from '../../../renderer/pages/dashboards/edit/use-grid-drag.ts';
import { commaParts, optionsOf } from '../../../renderer/pages/dashboards/edit/variable-source-form.tsx';
import { newVariable } from '../../../renderer/pages/dashboards/edit/variables-editor.tsx';
import { chosenOf } from '../../../renderer/pages/dashboards/use-board-params.ts';
import { stepped } from '../../../renderer/pages/dashboards/use-draft.ts';
import { ticked } from '../../../renderer/pages/dashboards/variable-picker.tsx';
import { oldestOf } from '../../../renderer/pages/dashboards/wall/use-freshness.ts';
import { staleSince, wallAddress, wallOf } from '../../../renderer/pages/dashboards/wall/wall-params.ts';

const board = (rows: object[]): Dashboard =>
  dashboardSchema.parse({ format: 'hmtt-dashboard', version: 1, uid: 'b', title: 'B', rows });
const text = (id: number, x: number, y: number, w = 6, h = 4) => ({
  kind: 'text',
  id,
  title: `P${id}`,
  place: { x, y, w, h },
});

describe('changes of a dashboard', () => {
  it('add a panel of every kind where there is room, also to a dashboard without rows', () => {
    const made = withNewPanel('timeseries', 0, 'T')(board([]));
    expect(panelsOf(made)).toMatchObject([{ kind: 'timeseries', id: 1, targets: [{ ref: 'A', expr: '' }] }]);
    const second = withNewPanel('text', 0, 'U')(made);
    expect(panelsOf(second)[1]).toMatchObject({ id: 2, place: { x: 12, y: 0 } });
    expect(() => dashboardSchema.parse(second)).not.toThrow();
  });

  it('copy, remove and move panels between rows, each with a number of its own', () => {
    const before = board([{ panels: [text(1, 0, 0), text(2, 6, 0)] }, { title: 'R', panels: [] }]);
    const copied = withCopyOf(1)(before);
    expect(panelsOf(copied).map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(nextPanelId(copied)).toBe(4);
    const moved = withPanelInRow(2, 1)(before);
    expect(rowOf(moved, 2)).toBe(1);
    expect(rowOf(withoutPanel(2)(moved), 2)).toBe(-1);
    // A row that goes leaves its panels to its neighbour.
    expect(panelsOf(withoutRow(1)(moved)).map(({ id }) => id)).toEqual([1, 2]);
    expect(withoutRow(0)(board([{}]))).toEqual(board([{}]));
  });

  it('never let a panel lie over another', () => {
    const before = board([{ panels: [text(1, 0, 0), text(2, 6, 0)] }]);
    const after = withPlace(1, { x: 6, y: 0, w: 6, h: 4 })(before);
    const places = panelsOf(after).map(({ id, place }) => [id, place.x, place.y]);
    expect(places).toEqual([
      [1, 6, 0],
      [2, 6, 4],
    ]);
  });

  it('by keys stay inside the grid', () => {
    const place = { x: 0, y: 0, w: 24, h: 1 };
    expect(nudged(place, 'ArrowLeft', false)).toEqual(place);
    expect(nudged(place, 'ArrowUp', true)).toEqual(place);
    expect(nudged({ x: 18, y: 2, w: 6, h: 4 }, 'ArrowRight', true)).toEqual({ x: 18, y: 2, w: 6, h: 4 });
    expect(nudged({ x: 2, y: 2, w: 6, h: 4 }, 'ArrowUp', false)).toEqual({ x: 2, y: 1, w: 6, h: 4 });
    expect(nudged(place, 'a', false)).toBeNull();
  });

  it('by dragging count whole columns and rows', () => {
    const place = { x: 6, y: 3, w: 6, h: 4 };
    expect(draggedPlace(place, 'move', 101, -39, 1192)).toEqual({ x: 8, y: 2, w: 6, h: 4 });
    expect(draggedPlace(place, 'move', -5_000, -5_000, 1192)).toEqual({ x: 0, y: 0, w: 6, h: 4 });
    expect(draggedPlace(place, 'resize', 5_000, 38, 1192)).toEqual({ x: 6, y: 3, w: 18, h: 5 });
  });
});

describe('the way back', () => {
  const [a, b, c] = [board([]), board([{}]), board([{}, { title: 'x' }])];

  it('forgets what was undone once something else is done', () => {
    const grown = stepped(stepped({ states: [a], at: 0 }, b, false), c, false);
    expect(grown).toEqual({ states: [a, b, c], at: 2 });
    expect(stepped({ ...grown, at: 0 }, c, false)).toEqual({ states: [a, c], at: 1 });
  });

  it('joins the letters of one word, but never into the saved state', () => {
    const once = stepped({ states: [a], at: 0 }, b, true);
    expect(once).toEqual({ states: [a, b], at: 1 });
    expect(stepped(once, c, true)).toEqual({ states: [a, c], at: 1 });
    expect(stepped(once, b, false)).toBe(once);
  });
});

describe('variables', () => {
  it('are read from the address', () => {
    expect(chosenOf(new URLSearchParams('var-host=a&var-host=b&range=1h'))).toEqual({ host: ['a', 'b'] });
  });

  it('keep one value when the last is unticked; all and single values exclude each other', () => {
    expect(ticked(['a'], 'a')).toEqual(['a']);
    expect(ticked(['a'], 'b')).toEqual(['a', 'b']);
    expect(ticked(['$__all'], 'a')).toEqual(['a']);
    expect(ticked(['a', 'b'], '$__all')).toEqual(['$__all']);
  });

  it('of every kind can be made, and options are read a line each', () => {
    for (const kind of ['query', 'custom', 'interval', 'text', 'constant'] as const)
      expect(newVariable(kind, 'v').kind).toBe(kind);
    expect(optionsOf('a\n\nNice name : b\n')).toEqual([
      { text: 'a', value: 'a' },
      { text: 'Nice name', value: 'b' },
    ]);
    expect(commaParts(' a, ,b')).toEqual(['a', 'b']);
    expect(freeRef([{ ref: 'A' }, { ref: 'C' }])).toBe('B');
  });
});

describe('a wall', () => {
  it('says in its address what hangs on it', () => {
    const to = wallAddress(['a', 'b'], 20, new URLSearchParams('range=6h&edit=1'));
    expect(to).toBe('/wall/a?range=6h&next=b&every=20');
    expect(wallOf('a', new URLSearchParams('next=b&next=a&every=20'))).toEqual({
      boards: ['a', 'b'],
      everyMs: 20_000,
    });
    expect(wallAddress([], 20, new URLSearchParams())).toBeNull();
    expect(wallOf('a', new URLSearchParams('every=1')).everyMs).toBe(30_000);
  });

  it('is as old as its oldest panel, and says so after two rounds', () => {
    expect(
      oldestOf(
        new Map([
          ['x', 30],
          ['y', 10],
        ]),
      ),
    ).toBe(10);
    expect(oldestOf(new Map())).toBeNull();
    expect(staleSince(null, 1_000_000, 5_000)).toBeNull();
    expect(staleSince(0, 60_000, 5_000)).toBeNull();
    expect(staleSince(0, 60_001, 5_000)).toBe(0);
    expect(staleSince(0, 200_000, 216_000)).toBeNull();
    expect(staleSince(0, 500_000, 216_000)).toBe(0);
  });
});
