import type { CSSProperties, ReactNode } from 'react';
import type { ShownPanel } from '#shared/domain/dashboard/expand.ts';
import { GRID_GAP_PX, GRID_ROW_PX, type Place } from '#shared/domain/dashboard/panels.ts';

/** Pixels from the top of one grid row to the next. */
export const GRID_STEP_PX = GRID_ROW_PX + GRID_GAP_PX;

/** Where a panel stands, as custom properties that the grid's style sheet reads. */
export function placeStyle({ x, y, w, h }: Place): CSSProperties {
  return { '--x': x, '--y': y, '--w': w, '--h': h } as CSSProperties;
}

export type BoardGridProps = {
  readonly panels: readonly ShownPanel[];
  /** In grid rows. */
  readonly height: number;
  readonly children: (shown: ShownPanel) => ReactNode;
};

/** Panels where they belong. In reading order in the document, so that a narrow window shows them below each other. */
export function BoardGrid({ panels, height, children }: BoardGridProps) {
  const ordered = [...panels].sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);
  return (
    <div className="board-grid-box">
      <div className="board-grid" style={{ '--rows': height } as CSSProperties}>
        {ordered.map((shown) => (
          <div key={shown.key} className="board-item" data-item={shown.key} style={placeStyle(shown.place)}>
            {children(shown)}
          </div>
        ))}
      </div>
    </div>
  );
}
