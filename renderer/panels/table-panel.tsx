import { type ReactNode, useMemo } from 'react';
import type { PanelValue } from '#shared/domain/dashboard/display.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { absoluteText } from '../components/time.ts';
import { useTranslation } from '../locales/use-translation.ts';
import type { PanelViewProps } from './panel-types.ts';
import { type PanelTable, panelTable, type TableColumn } from './table-rows.ts';
import { tintStyle } from './tint.ts';
import { TintMark } from './tint-mark.tsx';
import { type Look, type Scale, scaleOf, tintedText } from './value-look.ts';
import { shareOf } from './views/gauge-arc.tsx';

/** What the targets give now as a table, which sorts, scrolls and is coloured by its columns' options. */
export function TablePanel({ panel, data }: PanelViewProps<'table'>) {
  const { t } = useTranslation();
  const { answers, series, look } = data;
  const table = useMemo(() => panelTable(panel, answers, series), [panel, answers, series]);
  const columns = useMemo(() => tableColumns(table, look), [table, look]);
  return (
    <DataTable
      id={`panel-${panel.id}`}
      label={data.title}
      columns={columns}
      rows={table.rows}
      rowKey={String}
      empty={<EmptyState title={t('dashboards:panel.noRows')} />}
      maxHeight={10_000}
      bare
    />
  );
}

const DEFAULT_WIDTH: Readonly<Record<TableColumn['type'], number>> = { time: 150, text: 160, number: 110 };

function tableColumns({ columns }: PanelTable, look: Look): readonly Column<number>[] {
  return columns.map((column): Column<number> => {
    const scale = scaleOf(
      column.field,
      column.values.map((value) => (typeof value === 'number' ? value : null)),
    );
    const cellOf = (row: number): PanelValue => column.values[row] ?? null;
    const { align } = column.field;
    return {
      id: column.id,
      title: column.title,
      width: column.field.width ?? DEFAULT_WIDTH[column.type],
      text: (row) => cellText(column, cellOf(row), look, scale),
      sortBy: (row) => cellOf(row) ?? '',
      align: align === 'right' || (align === 'auto' && column.type === 'number') ? 'right' : 'left',
      render: (row) => renderCell(column, cellOf(row), look, scale),
    };
  });
}

function cellText(column: TableColumn, cell: PanelValue, look: Look, scale: Scale): string {
  if (column.type === 'time' && typeof cell === 'number') return absoluteText(cell);
  return tintedText(column.field, cell, look, scale).text;
}

function renderCell(column: TableColumn, cell: PanelValue, look: Look, scale: Scale): ReactNode {
  const text = cellText(column, cell, look, scale);
  const { cell: kind } = column.field;
  if (kind === 'text' || column.type === 'time') return text;
  const { tint } = tintedText(column.field, cell, look, scale);
  return (
    <span className={`panel-cell panel-cell-${kind}`} {...tintStyle(tint)}>
      {kind === 'bar' && typeof cell === 'number' && (
        <span
          className="panel-cell-fill"
          style={{ width: `${shareOf(cell, scale.min, scale.max) * 100}%` }}
          aria-hidden="true"
        />
      )}
      <TintMark tint={tint} size={9} />
      <span className="panel-cell-text">{text}</span>
    </span>
  );
}
