import { type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import { moveTo } from '#shared/domain/dashboard/layout.ts';
import { GRID_COLUMNS, GRID_GAP_PX, type Panel, type Place } from '#shared/domain/dashboard/panels.ts';
import { GRID_STEP_PX } from '../board-grid.tsx';

/** What a drag on the grid does. */
export type DragKind = 'move' | 'resize';

/** A drag under way. */
export type GridDrag = {
  readonly id: number;
  readonly kind: DragKind;
  /** Where the panels would stand if it ended now. */
  readonly panels: readonly Panel[];
};

/** The place that a drag by so many pixels leads to. */
export function draggedPlace(place: Place, kind: DragKind, dx: number, dy: number, gridWidth: number): Place {
  const column = (gridWidth + GRID_GAP_PX) / GRID_COLUMNS;
  const columns = Math.round(dx / column);
  const rows = Math.round(dy / GRID_STEP_PX);
  if (kind === 'resize') {
    return {
      ...place,
      w: Math.min(GRID_COLUMNS - place.x, Math.max(1, place.w + columns)),
      h: Math.max(1, place.h + rows),
    };
  }
  return {
    ...place,
    x: Math.min(GRID_COLUMNS - place.w, Math.max(0, place.x + columns)),
    y: Math.max(0, place.y + rows),
  };
}

type Pressed = {
  readonly panel: Panel;
  readonly kind: DragKind;
  readonly startX: number;
  readonly startY: number;
  readonly gridWidth: number;
  readonly item: HTMLElement;
  place: Place;
};

/**
 * Moves and resizes panels with the pointer. The dragged panel follows it by a transform, once a frame, without being
 * drawn anew; the others take their new places only when the dragged one has come to another place of the grid.
 */
export function useGridDrag(
  panels: readonly Panel[],
  onDrop: (id: number, place: Place) => void,
): {
  readonly drag: GridDrag | null;
  readonly press: (event: ReactPointerEvent<HTMLElement>, panel: Panel, kind: DragKind) => void;
} {
  const [drag, setDrag] = useState<GridDrag | null>(null);
  const end = useRef<(() => void) | null>(null);
  const latest = useRef({ panels, onDrop });
  latest.current = { panels, onDrop };
  useEffect(() => () => end.current?.(), []);
  const press = useCallback((event: ReactPointerEvent<HTMLElement>, panel: Panel, kind: DragKind): void => {
    const item = event.currentTarget.closest<HTMLElement>('.board-item');
    const grid = item?.parentElement;
    if (!item || !grid || event.button !== 0) return;
    event.preventDefault();
    const handle = event.currentTarget;
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    const pressed: Pressed = {
      panel,
      kind,
      startX: event.clientX,
      startY: event.clientY,
      gridWidth: grid.clientWidth,
      item,
      place: panel.place,
    };
    item.classList.add('board-dragged');
    let frame = 0;
    let last: PointerEvent | null = null;
    const follow = (): void => {
      frame = 0;
      if (last === null) return;
      followPointer(pressed, last.clientX - pressed.startX, last.clientY - pressed.startY, (place) =>
        setDrag({ id: panel.id, kind, panels: moveTo(latest.current.panels, panel.id, place) }),
      );
    };
    const onMove = (moved: PointerEvent): void => {
      last = moved;
      if (frame === 0) frame = requestAnimationFrame(follow);
    };
    const stop = (dropped: boolean): void => {
      cancelAnimationFrame(frame);
      handle.removeEventListener('pointermove', onMove);
      handle.removeEventListener('pointerup', onUp);
      handle.removeEventListener('pointercancel', onCancel);
      removeEventListener('keydown', onKey, true);
      item.classList.remove('board-dragged');
      item.style.translate = '';
      item.style.width = '';
      item.style.height = '';
      end.current = null;
      setDrag(null);
      if (dropped) latest.current.onDrop(panel.id, pressed.place);
    };
    const onUp = (): void => {
      if (frame !== 0) follow();
      stop(pressed.place !== panel.place);
    };
    const onCancel = (): void => stop(false);
    const onKey = (key: KeyboardEvent): void => {
      if (key.key !== 'Escape') return;
      key.preventDefault();
      key.stopPropagation();
      stop(false);
    };
    handle.addEventListener('pointermove', onMove);
    handle.addEventListener('pointerup', onUp);
    handle.addEventListener('pointercancel', onCancel);
    addEventListener('keydown', onKey, true);
    end.current = onCancel;
  }, []);
  return { drag, press };
}

function followPointer(pressed: Pressed, dx: number, dy: number, onPlace: (place: Place) => void): void {
  const { panel, kind, item, gridWidth } = pressed;
  if (kind === 'move') item.style.translate = `${dx}px ${dy}px`;
  else {
    const column = (gridWidth + GRID_GAP_PX) / GRID_COLUMNS;
    item.style.width = `${Math.max(column, panel.place.w * column - GRID_GAP_PX + dx)}px`;
    item.style.height = `${Math.max(GRID_STEP_PX, panel.place.h * GRID_STEP_PX - GRID_GAP_PX + dy)}px`;
  }
  const place = draggedPlace(panel.place, kind, dx, dy, gridWidth);
  const now = pressed.place;
  if (place.x === now.x && place.y === now.y && place.w === now.w && place.h === now.h) return;
  pressed.place = place;
  onPlace(place);
}
