import { useMemo } from 'react';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { type HistogramBar, levelsPresent } from './histogram-layout.ts';

/** The histogram as figures: one row a span that has lines. */
export function HistogramTable({ bars }: { readonly bars: readonly HistogramBar[] }) {
  const { t } = useTranslation();
  const rows = useMemo(() => bars.filter((bar) => bar.total > 0), [bars]);
  const columns = useMemo((): readonly Column<HistogramBar>[] => {
    const count = (bar: HistogramBar, level: string): number => {
      const part = bar.parts.find((candidate) => candidate.level === level);
      return part ? part.to - part.from : 0;
    };
    return [
      {
        id: 'time',
        title: t('logs:histogram.time'),
        width: 180,
        text: (bar) => absoluteText(bar.time),
        sortBy: (bar) => bar.time,
      },
      ...levelsPresent(bars).map((level) => ({
        id: level,
        title: t(`logs:level.${level}`),
        width: 90,
        align: 'right' as const,
        text: (bar: HistogramBar) => count(bar, level).toLocaleString('en-US'),
        sortBy: (bar: HistogramBar) => count(bar, level),
      })),
      {
        id: 'total',
        title: t('logs:histogram.total'),
        width: 90,
        align: 'right',
        text: (bar) => bar.total.toLocaleString('en-US'),
        sortBy: (bar) => bar.total,
      },
    ];
  }, [bars, t]);
  return (
    <DataTable
      id="log-histogram"
      label={t('logs:histogram.tableLabel')}
      columns={columns}
      rows={rows}
      rowKey={(bar) => String(bar.time)}
      maxHeight={160}
      empty={<p className="soft">{t('logs:histogram.none')}</p>}
    />
  );
}
