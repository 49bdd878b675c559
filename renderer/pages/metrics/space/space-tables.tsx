import { useMemo } from 'react';
import type { MetricsUsage } from '#shared/contract/metrics-usage.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { Culprit } from './drop-rule.ts';

/** The lists of the page, in their order. */
export const lists = ['metrics', 'labels', 'pairs', 'targets'] as const;
export type SpaceList = (typeof lists)[number];

type Choose = (culprit: Culprit) => void;
type Translate = ReturnType<typeof useTranslation>['t'];

/** A number with a bar that shows its share of the largest. */
function Bar({ value, most }: { readonly value: number; readonly most: number }) {
  return (
    <span className="space-cell">
      <span className="space-track" aria-hidden="true">
        <span className="space-fill" style={{ width: `${most === 0 ? 0 : (100 * value) / most}%` }} />
      </span>
      <span className="figure">{value.toLocaleString('en-US')}</span>
    </span>
  );
}

function barColumn<Row>(
  id: string,
  title: string,
  rows: readonly Row[],
  value: (row: Row) => number,
): Column<Row> {
  const most = rows.reduce((top, row) => Math.max(top, value(row)), 0);
  return {
    id,
    title,
    text: (row) => String(value(row)),
    sortBy: value,
    render: (row) => <Bar value={value(row)} most={most} />,
    width: 210,
  };
}

function numberColumn<Row>(id: string, title: string, value: (row: Row) => number): Column<Row> {
  return {
    id,
    title,
    text: (row) => value(row).toLocaleString('en-US'),
    sortBy: value,
    align: 'right',
    width: 110,
  };
}

function textColumn<Row>(id: string, title: string, text: (row: Row) => string, width: number): Column<Row> {
  return {
    id,
    title,
    text,
    sortBy: text,
    render: (row) => (
      <span className="mono" title={text(row)}>
        {text(row)}
      </span>
    ),
    width,
  };
}

function whatToDo<Row>(t: Translate, choose: (row: Row) => void): Column<Row> {
  return {
    id: 'do',
    title: t('metrics:usage.whatToDo'),
    text: () => '',
    render: (row) => (
      <Button kind="quiet" onClick={() => choose(row)}>
        {t('metrics:usage.show')}
      </Button>
    ),
    width: 90,
  };
}

/** One list: sortable, to be filtered, with bars; a row opens what can be done about it. */
export function SpaceTable({
  list,
  usage,
  onChoose,
}: {
  readonly list: SpaceList;
  readonly usage: MetricsUsage;
  readonly onChoose: Choose;
}) {
  const { t } = useTranslation();
  const columns = useMemo(() => columnsOf(t, usage, onChoose), [t, usage, onChoose]);
  const shared = {
    label: t(`metrics:usage.by.${list}`),
    maxHeight: 420,
    empty: <EmptyState title={t('metrics:usage.nothing')} />,
  };
  switch (list) {
    case 'metrics':
      return (
        <DataTable
          key={list}
          {...shared}
          id="space-metrics"
          columns={columns.metrics}
          rows={usage.metrics}
          total={usage.metricsTotal}
          rowKey={({ name }) => name}
          onOpen={(row) => onChoose({ by: list, row })}
          defaultSort={{ column: 'series', descending: true }}
        />
      );
    case 'labels':
      return (
        <DataTable
          key={list}
          {...shared}
          id="space-labels"
          columns={columns.labels}
          rows={usage.labels}
          total={usage.labelsTotal}
          rowKey={({ name }) => name}
          onOpen={(row) => onChoose({ by: list, row })}
          defaultSort={{ column: 'values', descending: true }}
        />
      );
    case 'pairs':
      return (
        <DataTable
          key={list}
          {...shared}
          id="space-pairs"
          columns={columns.pairs}
          rows={usage.pairs}
          total={usage.pairsTotal}
          rowKey={({ name, value }) => `${name}=${value}`}
          onOpen={(row) => onChoose({ by: list, row })}
          defaultSort={{ column: 'series', descending: true }}
        />
      );
    case 'targets':
      return (
        <DataTable
          key={list}
          {...shared}
          id="space-targets"
          columns={columns.targets}
          rows={usage.targets}
          total={usage.targetsTotal}
          rowKey={({ job, instance }) => `${job} ${instance}`}
          rowClass={({ refusal }) => (refusal === null ? undefined : 'space-refused')}
          onOpen={(row) => onChoose({ by: list, row })}
          defaultSort={{ column: 'series', descending: true }}
        />
      );
  }
}

function columnsOf(t: Translate, usage: MetricsUsage, choose: Choose) {
  const series = t('metrics:usage.series');
  const fresh = t('metrics:usage.newSeries');
  return {
    metrics: [
      textColumn<MetricsUsage['metrics'][number]>('name', t('metrics:usage.metric'), ({ name }) => name, 320),
      barColumn('series', series, usage.metrics, (row) => row.series),
      numberColumn('new', fresh, (row) => row.newSeries),
      whatToDo(t, (row) => choose({ by: 'metrics', row })),
    ] satisfies Column<MetricsUsage['metrics'][number]>[],
    labels: [
      textColumn<MetricsUsage['labels'][number]>('name', t('metrics:usage.label'), ({ name }) => name, 320),
      barColumn('values', t('metrics:usage.values'), usage.labels, (row) => row.values),
      numberColumn('series', series, (row) => row.series),
      whatToDo(t, (row) => choose({ by: 'labels', row })),
    ] satisfies Column<MetricsUsage['labels'][number]>[],
    pairs: [
      textColumn<MetricsUsage['pairs'][number]>(
        'pair',
        t('metrics:usage.pair'),
        ({ name, value }) => `${name}="${value}"`,
        430,
      ),
      barColumn('series', series, usage.pairs, (row) => row.series),
      whatToDo(t, (row) => choose({ by: 'pairs', row })),
    ] satisfies Column<MetricsUsage['pairs'][number]>[],
    targets: [
      textColumn<MetricsUsage['targets'][number]>('job', t('metrics:usage.job'), ({ job }) => job, 130),
      textColumn<MetricsUsage['targets'][number]>(
        'instance',
        t('metrics:usage.instance'),
        ({ instance }) => instance,
        170,
      ),
      barColumn('series', series, usage.targets, (row) => row.series),
      numberColumn('new', fresh, (row) => row.newSeries),
      {
        id: 'state',
        title: t('metrics:usage.state'),
        text: ({ refusal }) => (refusal === null ? t('metrics:usage.taken') : t('metrics:usage.refused')),
        width: 80,
      },
      whatToDo(t, (row) => choose({ by: 'targets', row })),
    ] satisfies Column<MetricsUsage['targets'][number]>[],
  };
}
