import { useMemo } from 'react';
import { calculate } from '#shared/domain/dashboard/calcs.ts';
import type { AskingPanel } from '#shared/domain/dashboard/panels.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { absoluteText } from '../components/time.ts';
import { useTranslation } from '../locales/use-translation.ts';
import type { PanelSeries } from './panel-series.ts';
import type { PanelData } from './panel-types.ts';
import { TablePanel } from './table-panel.tsx';
import { TintMark } from './tint-mark.tsx';
import { type Look, scaleOf, tintedText } from './value-look.ts';
import { spansOf } from './views/state-lanes.tsx';

/** The same as a panel's picture in words and figures. */
export function PanelTwin({ panel, data }: { readonly panel: AskingPanel; readonly data: PanelData }) {
  if (panel.kind === 'table') return <TablePanel panel={panel} data={data} />;
  if (panel.kind === 'states') return <SpansTable data={data} id={panel.id} />;
  return <SeriesTable data={data} id={panel.id} />;
}

type TwinProps = { readonly data: PanelData; readonly id: number };

const FIGURES = ['lastNotNull', 'min', 'max', 'mean'] as const;

/** One row a series: its newest value, its bounds and its mean, with the state in words. */
function SeriesTable({ data, id }: TwinProps) {
  const { t } = useTranslation();
  const { series, look } = data;
  const columns = useMemo((): readonly Column<PanelSeries>[] => {
    const said = (one: PanelSeries, value: number | null) =>
      tintedText(one.field, value, look, scaleOf(one.field, one.values));
    return [
      {
        id: 'series',
        title: t('dashboards:twin.series'),
        width: 260,
        text: ({ name }) => name,
        render: ({ name, full }) => <span title={full}>{name}</span>,
        sortBy: ({ name }) => name,
      },
      ...FIGURES.map(
        (calc): Column<PanelSeries> => ({
          id: calc,
          title: t(`dashboards:calc.${calc}`),
          width: 110,
          align: 'right',
          text: (one) => said(one, calculate(one.values, calc)).text,
          render: (one) => {
            const { text, tint } = said(one, calculate(one.values, calc));
            return (
              <>
                {calc === 'lastNotNull' && <TintMark tint={tint} size={9} />} {text}
              </>
            );
          },
          sortBy: (one) => calculate(one.values, calc) ?? Number.NEGATIVE_INFINITY,
        }),
      ),
      {
        id: 'at',
        title: t('dashboards:twin.at'),
        width: 150,
        text: (one) => lastTime(one),
        sortBy: (one) => lastTime(one),
      },
    ];
  }, [t, look]);
  return (
    <DataTable
      id={`twin-${id}`}
      label={data.title}
      columns={columns}
      rows={series}
      rowKey={({ key }) => key}
      empty={<EmptyState title={t('dashboards:panel.empty')} />}
      maxHeight={10_000}
      bare
    />
  );
}

/** When a series had its newest value. */
function lastTime({ times, values }: PanelSeries): string {
  const at = times[values.findLastIndex((value) => value !== null)];
  return at === undefined ? '' : absoluteText(at);
}

type SpanRow = {
  readonly key: string;
  readonly name: string;
  readonly state: string;
  readonly from: number;
  readonly to: number;
};

/** One row for each unbroken run of a value, the newest first. */
function SpansTable({ data, id }: TwinProps) {
  const { t } = useTranslation();
  const { series, look } = data;
  const rows = useMemo(() => spanRows(series, look), [series, look]);
  const columns: readonly Column<SpanRow>[] = [
    {
      id: 'series',
      title: t('dashboards:twin.series'),
      width: 220,
      text: ({ name }) => name,
      sortBy: ({ name }) => name,
    },
    {
      id: 'state',
      title: t('dashboards:panel.state'),
      width: 140,
      text: ({ state }) => state,
      sortBy: ({ state }) => state,
    },
    {
      id: 'from',
      title: t('dashboards:twin.from'),
      width: 160,
      text: ({ from }) => absoluteText(from),
      sortBy: ({ from }) => from,
    },
    {
      id: 'to',
      title: t('dashboards:twin.to'),
      width: 160,
      text: ({ to }) => absoluteText(to),
      sortBy: ({ to }) => to,
    },
  ];
  return (
    <DataTable
      id={`twin-${id}`}
      label={data.title}
      columns={columns}
      rows={rows}
      rowKey={({ key }) => key}
      empty={<EmptyState title={t('dashboards:panel.empty')} />}
      maxHeight={10_000}
      bare
    />
  );
}

function spanRows(series: readonly PanelSeries[], look: Look): readonly SpanRow[] {
  return series
    .flatMap((one) => {
      const scale = scaleOf(one.field, one.values);
      return spansOf(one.times, one.values, one.stepMs, (value) =>
        tintedText(one.field, value, look, scale),
      ).flatMap(({ text, from, to }) =>
        text === null ? [] : [{ key: `${one.key} ${from}`, name: one.name, state: text, from, to }],
      );
    })
    .toSorted((a, b) => b.from - a.from);
}
