import { useMemo } from 'react';
import { formatValue, guessUnit, type Unit } from '../../../charts/units.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { type InstantRow, instantRows } from './instant-rows.ts';

export type InstantTableProps = {
  readonly letter: string;
  readonly expr: string;
  readonly unit: Unit | null;
  /** UTC milliseconds. */
  readonly time: number;
};

/** The values of one expression at the end of the range, all digits; also what cannot be drawn, such as a text. */
export function InstantTable({ letter, expr, unit, time }: InstantTableProps) {
  const { t } = useTranslation();
  const request = useRequest('metrics.query', { expr, time }, { subject: expr, patient: true });
  const rows = useMemo(() => (request.data === null ? [] : instantRows(request.data)), [request.data]);
  const shape = useMemo((): readonly Column<InstantRow>[] => {
    const known = unit ?? guessUnit(expr);
    return [
      {
        id: 'labels',
        title: t('metrics:labels'),
        text: (row) => row.labels || '—',
        sortBy: (row) => row.labels,
        width: 360,
      },
      {
        id: 'shown',
        title: t('metrics:value'),
        text: (row) => (row.value === null ? row.text : formatValue(row.value, known)),
        sortBy: (row) => row.value ?? Number.NEGATIVE_INFINITY,
        align: 'right',
        width: 120,
      },
      {
        id: 'exact',
        title: t('metrics:exactValue'),
        text: (row) => row.text,
        sortBy: (row) => row.value ?? Number.NEGATIVE_INFINITY,
        align: 'right',
        width: 160,
      },
      {
        id: 'time',
        title: t('metrics:time'),
        text: (row) => absoluteText(row.time, true),
        sortBy: (row) => row.time,
        width: 200,
      },
    ];
  }, [t, expr, unit]);
  return (
    <section className="stack tight" aria-label={`${letter} ${expr}`}>
      <h3>
        {letter} <code>{expr}</code>
      </h3>
      <RequestView request={request} rows={4}>
        {() => (
          <DataTable
            id={`instant-${letter}`}
            label={t('metrics:tables.instant')}
            columns={shape}
            rows={rows}
            rowKey={(row) => row.key}
            maxHeight={360}
            empty={<p className="soft">{t('metrics:chart.noSeries')}</p>}
          />
        )}
      </RequestView>
    </section>
  );
}
