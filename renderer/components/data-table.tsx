import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useTranslation } from '../locales/use-translation.ts';
import { Button } from './button.tsx';
import { DataTableHead } from './data-table-head.tsx';
import { Icon } from './icon.tsx';
import { copyText, saveText } from './save-text.ts';
import { toCsv, toText } from './table-text.ts';
import { useColumnWidths } from './use-column-widths.ts';

/** One column: its text is what is filtered, copied and exported; `render` is what is shown. */
export type Column<Row> = {
  readonly id: string;
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly render?: (row: Row) => ReactNode;
  /** What the column sorts by; without it the column does not sort. */
  readonly sortBy?: (row: Row) => number | string;
  readonly align?: 'left' | 'right';
  /** Starting width in pixels. */
  readonly width: number;
};

export type DataTableProps<Row> = {
  /** Names the table: its column widths are kept under it, its export is named after it. */
  readonly id: string;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** How many there are in all, when `rows` is a part of them. */
  readonly total?: number;
  /** Opens a row: double click, or Enter on the focused row. */
  readonly onOpen?: (row: Row) => void;
  /** Shown instead of the table when there are no rows at all. */
  readonly empty: ReactNode;
  readonly defaultSort?: { readonly column: string; readonly descending: boolean };
  /** Largest height in pixels before the body scrolls; otherwise what the page leaves. */
  readonly maxHeight?: number;
  readonly rowClass?: (row: Row) => string | undefined;
  /** Controls beside the filter. */
  readonly toolbar?: ReactNode;
  /** Leaves out the table's own filter: the toolbar filters over all there is, of which the rows are a part. */
  readonly noFilter?: boolean;
  /** Leaves out the toolbar, for short tables inside a panel. */
  readonly bare?: boolean;
};

const ROW_HEIGHT = 30;
/** What the first layout takes a table to show whose height follows the page. */
const PAGE_HEIGHT = 560;

/** The order of rows by a column; numbers by value, texts by the language's collation. */
export function sortRows<Row>(
  rows: readonly Row[],
  column: Column<Row> | undefined,
  descending: boolean,
): readonly Row[] {
  const { sortBy } = column ?? {};
  if (!sortBy) return rows;
  const collator = new Intl.Collator('zh-CN', { numeric: true });
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const x = sortBy(a);
    const y = sortBy(b);
    const order =
      typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y));
    return order * sign;
  });
}

/** A table that sorts, filters, resizes, keeps its columns, copies as text, exports as CSV and scrolls long lists. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { t } = useTranslation();
  const { columns, rows, rowKey, onOpen, maxHeight, total = props.rows.length } = props;
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState(props.defaultSort ?? null);
  const widths = useColumnWidths(props.id, columns);
  const scroller = useRef<HTMLDivElement>(null);

  const filtered = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return rows;
    return rows.filter((row) => {
      const text = columns
        .map((column) => column.text(row))
        .join('\u0000')
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }, [rows, columns, filter]);
  const shown = useMemo(
    () =>
      sortRows(
        filtered,
        columns.find((column) => column.id === sort?.column),
        sort?.descending ?? false,
      ),
    [filtered, columns, sort],
  );

  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    // Known before the first layout, so that a short table is complete in its first frame.
    initialRect: { width: 800, height: maxHeight ?? PAGE_HEIGHT },
  });
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);

  if (rows.length === 0) {
    // The toolbar may hold the very filter that leaves nothing over; it stands at the same place, so that it keeps the focus.
    return (
      <div className="table-box">
        {props.toolbar ? (
          <div className="table-tools">
            {null}
            {props.toolbar}
          </div>
        ) : null}
        {props.empty}
      </div>
    );
  }
  return (
    <div className="table-box" data-testid={`table-${props.id}`}>
      {!props.bare && (
        <div className="table-tools">
          {props.noFilter ? null : (
            <input
              type="search"
              className="input table-filter"
              data-filter
              placeholder={t('common:table.filterPlaceholder')}
              aria-label={`${t('common:table.filter')} ${props.label}`}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          )}
          {props.toolbar}
          <span className="spacer" />
          <span className="soft figure" role="status">
            {t('common:table.shown', {
              shown: shown.length.toLocaleString('en-US'),
              total: total.toLocaleString('en-US'),
            })}
          </span>
          <Button
            kind="quiet"
            title={t('common:action.copyText')}
            onClick={() => void copyText(toText(columns, shown))}
          >
            <Icon name="copy" /> {t('common:action.copy')}
          </Button>
          <Button
            kind="quiet"
            title={t('common:action.exportCsv')}
            onClick={() => void saveText(`${props.id}.csv`, toCsv(columns, shown))}
          >
            <Icon name="download" /> CSV
          </Button>
        </div>
      )}
      <section
        className="table-scroll"
        ref={scroller}
        style={{ maxHeight }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        aria-label={props.label}
      >
        <table className="table" aria-rowcount={total + 1} style={{ minWidth: widths.sum }}>
          <DataTableHead columns={columns} sort={sort} onSort={setSort} widths={widths} />
          <tbody>
            {before > 0 && <Spacer height={before} span={columns.length} />}
            {items.map((item) => {
              const row = shown[item.index];
              if (row === undefined) return null;
              const className = props.rowClass?.(row);
              return (
                <tr
                  key={rowKey(row)}
                  aria-rowindex={item.index + 2}
                  className={`${onOpen ? 'row-open' : ''} ${className ?? ''}`}
                  {...(onOpen
                    ? {
                        tabIndex: 0,
                        onDoubleClick: () => onOpen(row),
                        onKeyDown: (event) => {
                          if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
                          // What opens takes the focus: the same key must not press its first button.
                          event.preventDefault();
                          onOpen(row);
                        },
                      }
                    : {})}
                >
                  {columns.map((column) => (
                    <td key={column.id} className={column.align === 'right' ? 'right figure' : ''}>
                      {column.render ? (
                        column.render(row)
                      ) : (
                        <span title={column.text(row)}>{column.text(row)}</span>
                      )}
                    </td>
                  ))}
                </tr>
              );
            })}
            {after > 0 && <Spacer height={after} span={columns.length} />}
          </tbody>
        </table>
        {shown.length === 0 && (
          <div className="empty">
            <span>{t('common:table.noMatch')}</span>
            <Button onClick={() => setFilter('')}>{t('common:action.clear')}</Button>
          </div>
        )}
      </section>
    </div>
  );
}

/** Stands for the rows above or below the screen. */
function Spacer({ height, span }: { readonly height: number; readonly span: number }) {
  return (
    <tr>
      <td colSpan={span} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
