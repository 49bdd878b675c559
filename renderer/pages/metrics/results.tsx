import { useCallback, useMemo, useRef, useState } from 'react';
import type { WatchGap } from '#shared/contract/site.ts';
import type { Result } from '#shared/errors/index.ts';
import type { ChartData } from '../../charts/chart-lines.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import type { ChartTime } from '../../charts/use-chart-actions.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Icon } from '../../components/icon.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { StaleMark } from '../../components/request-view.tsx';
import { saveText } from '../../components/save-text.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { absoluteText, zoneText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useConnection } from '../../stores/connection.ts';
import { usePreferences } from '../../stores/preferences.ts';
import type { QueryAnswer } from '../../stores/query-board.ts';
import { useSite } from '../../stores/site.ts';
import { ChartTools } from './chart-tools.tsx';
import { chartPicture } from './picture.ts';
import { allLines, drawnQueries, type PlannedChart, planCharts } from './plan-charts.ts';
import { InstantTable } from './tables/instant-table.tsx';
import { SamplesTable } from './tables/samples-table.tsx';
import { samplesCsv } from './tables/summary.ts';
import { SummaryTable } from './tables/summary-table.tsx';
import type { HeldRange } from './use-held-range.ts';
import { useSame } from './use-same.ts';
import type { ViewControl } from './use-view.ts';

export type ResultsProps = {
  readonly view: ViewControl;
  readonly answers: ReadonlyMap<string, QueryAnswer>;
  readonly time: HeldRange;
  readonly chartTime: ChartTime;
  readonly stepMs: number;
  readonly gaps: readonly WatchGap[];
};

/** Everything that came of the expressions, as charts or as tables, and what can be done with it. */
export function Results(props: ResultsProps) {
  const { view, answers, time, stepMs } = props;
  const place = useRef<HTMLDivElement>(null);
  const { range } = time;
  const drawn = useMemo(() => drawnQueries(view.queries), [view.queries]);
  const { queries, layout } = view;
  // Only other samples make other lines: that a question is under way does not.
  const columns = useSame(drawn.map(({ query }) => answers.get(query.expr)?.columns ?? null));
  const answerOf = useCallback(
    (expr: string) => columns[drawn.findIndex(({ query }) => query.expr === expr)] ?? null,
    [columns, drawn],
  );
  const charts = useMemo(() => planCharts({ queries, layout }, answerOf), [queries, layout, answerOf]);
  const lines = useMemo(() => allLines(queries, answerOf), [queries, answerOf]);
  if (drawn.length === 0) return null;
  const known = drawn.flatMap(({ query }) => answers.get(query.expr) ?? []);
  const instant = view.show === 'table' && view.table === 'instant';
  // Each mistake stands under its expression; an empty frame would only repeat that nothing came of it.
  const failed = known.every(({ columns, error }) => columns === null && error !== null);
  if (!instant && failed && known.length === drawn.length) return null;
  const waiting = known.every(({ columns, error }) => columns === null && error === null);
  return (
    <section className="panel results" ref={place}>
      <div className="results-head">
        <ChartTools view={view} stepMs={stepMs} spanMs={range.end - range.start} />
        <span className="spacer" />
        <Exports {...props} charts={charts} lines={lines} place={place} />
      </div>
      <Freshness known={known} />
      {instant ? (
        drawn.map(({ query, letter }) => (
          <InstantTable
            key={letter}
            letter={letter}
            expr={query.expr}
            unit={query.unit}
            time={Math.round(range.end)}
          />
        ))
      ) : waiting ? (
        <Skeleton rows={8} />
      ) : view.show === 'chart' ? (
        charts.map((chart) => <OneChart key={chart.key} chart={chart} count={charts.length} {...props} />)
      ) : view.table === 'summary' ? (
        <SummaryTable data={lines} />
      ) : (
        <SamplesTable data={lines} />
      )}
    </section>
  );
}

function OneChart(props: ResultsProps & { readonly chart: PlannedChart; readonly count: number }) {
  const { t } = useTranslation();
  const { chart, count, view, time, chartTime, answers } = props;
  const { range } = time;
  const actions = useMemo(() => ({ ...chartTime.actions, onHold: time.onHold }), [chartTime, time.onHold]);
  const title = chart.expressions.map(({ letter, expr }) => `${letter}: ${expr}`).join('; ');
  const failed = chart.expressions.every(({ expr }) => answers.get(expr)?.columns == null);
  if (failed) return null;
  return (
    <div className="one-chart" data-testid="metrics-chart">
      {count > 1 && (
        <h3 className="ellipsis" title={title}>
          {chart.expressions.map(({ letter, expr }) => (
            <span key={letter}>
              <span className="expression-letter">{letter}</span> <code>{expr}</code>
            </span>
          ))}
        </h3>
      )}
      {chart.data.lines.length === 0 ? (
        <p className="soft no-data">{t('metrics:chart.noSamples')}</p>
      ) : (
        <TimeChart
          label={title}
          data={chart.data}
          start={range.start}
          end={range.end}
          gaps={props.gaps}
          shape={view.shape}
          height={count === 1 ? 320 : 190}
          actions={actions}
        />
      )}
    </div>
  );
}

/** The age of what is kept from before the engine went away or a question failed. */
function Freshness({ known }: { readonly known: readonly QueryAnswer[] }) {
  const away = useConnection((state) => state.client === null);
  const oldest = known.reduce<number | null>(
    (least, { at }) => (at === null ? least : Math.min(least ?? at, at)),
    null,
  );
  const stale = away || known.some(({ error, columns }) => error !== null && columns !== null);
  return <StaleMark request={{ stale, at: oldest }} />;
}

type ExportsProps = ResultsProps & {
  readonly charts: readonly PlannedChart[];
  readonly lines: ChartData;
  readonly place: { readonly current: HTMLElement | null };
};

function Exports({ view, time, charts, lines, gaps, place }: ExportsProps) {
  const { t } = useTranslation();
  const palette = usePreferences((state) => state.palette);
  const { start, end } = time.range;
  const [saved, setSaved] = useState<Result<string | null> | null>(null);
  const saveCsv = async (): Promise<void> => setSaved(await saveText('samples.csv', samplesCsv(lines)));
  const savePicture = async (): Promise<void> => {
    const shown = charts.filter(({ data }) => data.lines.length > 0);
    const canvases = [...(place.current?.querySelectorAll<HTMLCanvasElement>('.chart-canvas canvas') ?? [])];
    const { status } = useSite.getState();
    const within = gaps.filter((gap) => gap.to > start && gap.from < end);
    const seen = [...new Set(within.map(({ reason }) => t(`common:gap.${reason}`)))];
    const picture = chartPicture({
      siteName: status?.siteName || t('common:top.siteUnnamed'),
      classification: status?.classification ?? '',
      range: `${absoluteText(start)} – ${absoluteText(end)} (${zoneText(end)})`,
      palette,
      unwatched: seen.length === 0 ? null : `${t('common:state.not_watched')} (${seen.join(', ')})`,
      charts: shown.flatMap((chart, index) => {
        const canvas = canvases[index];
        return canvas === undefined ? [] : [{ chart, canvas }];
      }),
      more: (count) => t('metrics:moreSeries', { count }),
    });
    if (picture === null) return;
    setSaved(await saveText('metrics.png', picture, 'base64'));
  };
  return (
    <>
      <div className="row exports">
        <span title={t('metrics:openLogsHint')}>
          <PageLink className="btn btn-quiet" to="/logs">
            <Icon name="logs" size={14} /> {t('metrics:openLogs')}
          </PageLink>
        </span>
        <Button kind="quiet" title={t('metrics:exportAll')} onClick={() => void saveCsv()}>
          <Icon name="download" size={14} /> {view.show === 'chart' ? 'CSV' : t('metrics:exportSamples')}
        </Button>
        {view.show === 'chart' && (
          <Button kind="quiet" title={t('metrics:exportPicture')} onClick={() => void savePicture()}>
            <Icon name="download" size={14} /> PNG
          </Button>
        )}
      </div>
      {saved?.ok === false && <ErrorNotice error={saved.error} />}
      {saved?.ok && saved.value !== null && (
        <p className="soft small saved-at" role="status">
          {t('metrics:savedAt', { path: saved.value })}
        </p>
      )}
    </>
  );
}
