import { useMemo } from 'react';
import type { ChartData } from '../../../charts/chart-lines.ts';
import { formatValue } from '../../../charts/units.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { type SeriesSummary, summarise } from './summary.ts';

/** The chart's twin: one line a series with its newest, least, greatest and mean value. */
export function SummaryTable({ data }: { readonly data: ChartData }) {
  const { t } = useTranslation();
  const rows = useMemo(() => data.lines.map(summarise), [data]);
  const shape = useMemo((): readonly Column<SeriesSummary>[] => {
    const figure = (id: 'newest' | 'min' | 'max' | 'mean'): Column<SeriesSummary> => ({
      id,
      title: t(`metrics:${id}`),
      text: (row) => formatValue(row[id], row.line.unit),
      sortBy: (row) => row[id] ?? Number.NEGATIVE_INFINITY,
      align: 'right',
      width: 82,
    });
    return [
      {
        id: 'name',
        title: t('metrics:legend'),
        text: (row) => row.line.name,
        sortBy: (row) => row.line.name,
        width: 290,
      },
      {
        id: 'labels',
        title: t('metrics:labels'),
        text: (row) => row.line.full,
        sortBy: (row) => row.line.full,
        width: 190,
      },
      figure('newest'),
      figure('min'),
      figure('max'),
      figure('mean'),
      {
        id: 'count',
        title: t('metrics:samplesCount'),
        text: (row) => row.count.toLocaleString('en-US'),
        sortBy: (row) => row.count,
        align: 'right',
        width: 62,
      },
    ];
  }, [t]);
  return (
    <DataTable
      id="series"
      label={t('metrics:newestTable')}
      columns={shape}
      rows={rows}
      rowKey={(row) => row.line.key}
      total={data.lines.length + data.omitted}
      maxHeight={460}
      empty={<p className="soft">{t('metrics:chart.noSeries')}</p>}
    />
  );
}
