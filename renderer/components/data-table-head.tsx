import type { KeyboardEvent, PointerEvent } from 'react';
import { useTranslation } from '../locales/use-translation.ts';
import type { Column } from './data-table.tsx';
import type { ColumnWidths } from './use-column-widths.ts';

export type SortOrder = { readonly column: string; readonly descending: boolean };

export type DataTableHeadProps<Row> = {
  readonly columns: readonly Column<Row>[];
  readonly sort: SortOrder | null;
  readonly onSort: (sort: SortOrder | null) => void;
  readonly widths: ColumnWidths;
};

/** The head of a table: sorts by click, resizes by dragging the edge or by the arrow keys on it. */
export function DataTableHead<Row>({ columns, sort, onSort, widths }: DataTableHeadProps<Row>) {
  const { t } = useTranslation();
  const next = (id: string): SortOrder | null => {
    if (sort?.column !== id) return { column: id, descending: false };
    return sort.descending ? null : { column: id, descending: true };
  };
  const drag = (id: string) => (event: PointerEvent<HTMLElement>) => {
    const handle = event.currentTarget;
    const startX = event.clientX;
    const startWidth = widths.of(id);
    handle.setPointerCapture(event.pointerId);
    const move = (now: globalThis.PointerEvent): void => widths.set(id, startWidth + now.clientX - startX);
    const end = (): void => handle.removeEventListener('pointermove', move);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end, { once: true });
    handle.addEventListener('pointercancel', end, { once: true });
  };
  const nudge = (id: string) => (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') widths.set(id, widths.of(id) - 16);
    else if (event.key === 'ArrowRight') widths.set(id, widths.of(id) + 16);
  };
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const sorted = sort?.column === column.id;
          return (
            <th
              key={column.id}
              scope="col"
              style={{ width: widths.of(column.id) }}
              className={column.align === 'right' ? 'right' : ''}
              {...(column.sortBy
                ? { 'aria-sort': sorted ? (sort.descending ? 'descending' : 'ascending') : 'none' }
                : {})}
            >
              {column.sortBy ? (
                <button type="button" className="th-sort" onClick={() => onSort(next(column.id))}>
                  {column.title}
                  <span className="sort-mark" aria-hidden="true">
                    {sorted ? (sort.descending ? '▼' : '▲') : ''}
                  </span>
                </button>
              ) : (
                <span className="th-text">{column.title}</span>
              )}
              {/* biome-ignore lint/a11y/useSemanticElements: a movable separator has no element of its own. */}
              <span
                className="th-resize"
                role="separator"
                aria-orientation="vertical"
                aria-label={t('common:table.resize', { column: column.title })}
                aria-valuenow={widths.of(column.id)}
                aria-valuemin={40}
                aria-valuemax={1200}
                tabIndex={0}
                onPointerDown={drag(column.id)}
                onKeyDown={nudge(column.id)}
                onDoubleClick={() => widths.reset(column.id)}
              />
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
