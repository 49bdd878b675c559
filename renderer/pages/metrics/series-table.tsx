import { useMemo } from 'react';
import type { Columns } from '#shared/contract/metrics.ts';
import { fullName } from '../../charts/series-names.ts';
import { formatValue, type Unit } from '../../charts/units.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Icon } from '../../components/icon.tsx';
import { saveText } from '../../components/save-text.ts';
import { toCsv } from '../../components/table-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** What a series amounts to over the time range. */
export type SeriesSummary = {
  readonly name: string;
  readonly newest: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
};

/** Newest, least, greatest and mean value of a series, over the steps that have one. */
export function summarise(series: Columns['series'][number]): SeriesSummary {
  const known = series.values.filter((value): value is number => value !== null && !Number.isNaN(value));
  const name = fullName(series.labels);
  if (known.length === 0) return { name, newest: null, min: null, max: null, mean: null };
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const value of known) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  return { name, newest: known.at(-1) ?? null, min, max, mean: sum / known.length };
}

/** All samples as one CSV: a line a step, a column a series, times in UTC and unix milliseconds. */
export function samplesCsv(columns: Columns): string {
  return toCsv(
    [
      { title: 'time', text: (step: number) => new Date(columns.times[step] ?? 0).toISOString() },
      { title: 'unix_ms', text: (step: number) => String(columns.times[step] ?? '') },
      ...columns.series.map((series) => ({
        title: fullName(series.labels),
        text: (step: number) => String(series.values[step] ?? ''),
      })),
    ],
    columns.times.map((_, step) => step),
  );
}

export type SeriesTableProps = { readonly number: number; readonly columns: Columns; readonly unit: Unit };

/** The chart's twin: one line a series. */
export function SeriesTable({ number, columns, unit }: SeriesTableProps) {
  const { t } = useTranslation();
  const rows = useMemo(() => columns.series.map(summarise), [columns]);
  const shape = useMemo((): readonly Column<SeriesSummary>[] => {
    const figure = (id: 'newest' | 'min' | 'max' | 'mean'): Column<SeriesSummary> => ({
      id,
      title: t(`metrics:${id}`),
      text: (row) => formatValue(row[id], unit),
      sortBy: (row) => row[id] ?? Number.NEGATIVE_INFINITY,
      align: 'right',
      width: 120,
    });
    return [
      {
        id: 'name',
        title: t('metrics:labels'),
        text: (row) => row.name,
        sortBy: (row) => row.name,
        width: 360,
      },
      figure('newest'),
      figure('min'),
      figure('max'),
      figure('mean'),
    ];
  }, [t, unit]);
  return (
    <DataTable
      id={`series-${number}`}
      label={t('metrics:newestTable')}
      columns={shape}
      rows={rows}
      rowKey={(row) => row.name}
      total={columns.series.length + columns.seriesOmitted}
      maxHeight={360}
      empty={<p className="soft">{t('metrics:chart.noSeries')}</p>}
      toolbar={
        <Button kind="quiet" onClick={() => void saveText('samples.csv', samplesCsv(columns))}>
          <Icon name="download" /> {t('metrics:exportAll')}
        </Button>
      }
    />
  );
}
