import { useMemo } from 'react';
import type { ChartData } from '../../../charts/chart-lines.ts';
import { formatValue } from '../../../charts/units.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** More columns than these cannot be read; all of them are in the CSV of all samples. */
const COLUMNS = 40;

/** Every step of the range with the value of every series, newest first. */
export function SamplesTable({ data }: { readonly data: ChartData }) {
  const { t } = useTranslation();
  const steps = useMemo(() => data.times.map((_, step) => step).reverse(), [data]);
  const shape = useMemo(
    (): readonly Column<number>[] => [
      {
        id: 'time',
        title: t('metrics:time'),
        text: (step) => absoluteText(data.times[step] ?? 0),
        sortBy: (step) => data.times[step] ?? 0,
        width: 160,
      },
      ...data.lines.slice(0, COLUMNS).map(
        (line): Column<number> => ({
          id: line.key,
          title: line.name,
          text: (step) => formatValue(line.values[step] ?? null, line.unit),
          sortBy: (step) => line.values[step] ?? Number.NEGATIVE_INFINITY,
          align: 'right',
          width: 150,
        }),
      ),
    ],
    [data, t],
  );
  return (
    <>
      {data.lines.length > COLUMNS && (
        <p className="soft small" role="status">
          {t('metrics:columnsShown', { shown: COLUMNS, total: data.lines.length })}
        </p>
      )}
      <DataTable
        id="samples"
        label={t('metrics:tables.samples')}
        columns={shape}
        rows={data.lines.length === 0 ? [] : steps}
        rowKey={(step) => String(data.times[step])}
        maxHeight={460}
        empty={<p className="soft">{t('metrics:chart.noSeries')}</p>}
      />
    </>
  );
}
