import { useCallback, useMemo, useState } from 'react';
import type { WatchGap } from '#shared/contract/site.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { MOST_STEPS, niceStep, onGrid } from '../../charts/steps.ts';
import { useChartActions } from '../../charts/use-chart-actions.ts';
import { ZoomSteps } from '../../charts/zoom-steps.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Icon } from '../../components/icon.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { selector, withLabel } from './editor/selectors.ts';
import { Explorer } from './explorer/explorer.tsx';
import { ExpressionRow } from './expression-row.tsx';
import { MetricsTabs } from './metrics-tabs.tsx';
import { drawnQueries } from './plan-charts.ts';
import { Results } from './results.tsx';
import { useHeldRange } from './use-held-range.ts';
import { useQueries } from './use-queries.ts';
import { useView } from './use-view.ts';
import { MOST_QUERIES } from './view-state.ts';

/** Points of a line when the step is chosen by the range. */
const POINTS = 600;

/** Expressions as charts and tables, with all metrics beside them. */
export function MetricsPage() {
  const { t } = useTranslation();
  const view = useView();
  const time = useHeldRange();
  const chartTime = useChartActions();
  const [active, setActive] = useState(0);
  const { start, end } = time.range;
  const stepMs = Math.max(
    view.stepMs ?? niceStep(end - start, POINTS),
    Math.ceil((end - start) / MOST_STEPS),
  );
  const asked = onGrid(start, end, stepMs);
  const expressions = [...new Set(drawnQueries(view.queries).map(({ query }) => query.expr))];
  // Instant values are asked for by their own table; what they are of may be nothing that can be drawn.
  const ranged = view.show === 'chart' || view.table !== 'instant';
  const { answers, again } = useQueries(
    (ranged ? expressions : []).map((expr) => ({ expr, ...asked, stepMs, maxSeries: view.maxSeries })),
  );
  const gaps = useRequest(
    'site.watchGaps',
    { start: Math.round(start), end: Math.round(end) },
    { patient: true },
  );
  // The same gaps come with every answer; charts are drawn anew only for others.
  const gapsKey = JSON.stringify(gaps.data?.gaps ?? []);
  const watchGaps = useMemo(() => JSON.parse(gapsKey) as readonly WatchGap[], [gapsKey]);
  const { queries, setQuery, use } = view;
  const onLabel = useCallback(
    (metric: string, label: string, value: string): void => {
      // The line that was worked on last, else the first that shows the metric, else a new one.
      const order = [active, ...queries.keys()];
      for (const position of order) {
        const next = withLabel(queries[position]?.expr ?? '', metric, label, value);
        if (next === null) continue;
        setQuery(position, { expr: next });
        return;
      }
      use(selector(metric, [{ label, operator: '=', value }]));
    },
    [active, queries, setQuery, use],
  );
  return (
    <div className="page metrics-page">
      <Head view={view} chartTime={chartTime} held={time.held} />
      <MetricsTabs />
      <div className="metrics-columns">
        <Explorer onUse={use} onLabel={onLabel} expressions={queries.map(({ expr }) => expr)} />
        <div className="stack tight metrics-main">
          <section className="panel expressions" aria-label={t('metrics:expressions')}>
            {queries.map((query, position) => (
              <ExpressionRow
                // biome-ignore lint/suspicious/noArrayIndexKey: an expression is known by its place; its text changes.
                key={position}
                position={position}
                query={query}
                view={view}
                answer={answers.get(query.expr)}
                onAgain={again}
                onActive={() => setActive(position)}
              />
            ))}
            <div className="row">
              <Button kind="quiet" onClick={view.add} disabled={queries.length >= MOST_QUERIES}>
                + {t('metrics:addExpression')}
              </Button>
              {queries.length >= MOST_QUERIES && (
                <span className="soft small">{t('metrics:mostExpressions', { most: MOST_QUERIES })}</span>
              )}
              {queries.some(({ expr }) => expr !== '') && (
                <Button kind="quiet" onClick={view.clear}>
                  {t('metrics:clearAll')}
                </Button>
              )}
            </div>
          </section>
          {queries.every(({ expr }) => expr === '') && (
            <EmptyState
              title={t('metrics:empty')}
              body={t('metrics:emptyBody')}
              action={<Button onClick={() => use('up')}>{t('metrics:tryUp')}</Button>}
            />
          )}
          <Results
            view={view}
            answers={answers}
            time={time}
            chartTime={chartTime}
            stepMs={stepMs}
            gaps={watchGaps}
          />
        </div>
      </div>
    </div>
  );
}

type HeadProps = {
  readonly view: ReturnType<typeof useView>;
  readonly chartTime: ReturnType<typeof useChartActions>;
  readonly held: boolean;
};

function Head({ view, chartTime, held }: HeadProps) {
  const { t } = useTranslation();
  const stats = useRequest('metrics.stats', {}, { refreshMs: 30_000 });
  return (
    <PageHeader
      title={t('metrics:title')}
      summary={
        stats.data &&
        t('metrics:summary', {
          series: stats.data.series.toLocaleString('en-US'),
          samples: (stats.data.headSamples + stats.data.sealedSamples).toLocaleString('en-US'),
          bytes: formatBytes(stats.data.bytes),
        })
      }
      actions={
        <>
          {/* It stands where its coming and going moves nothing under the pointer. */}
          <span className="soft small held" role="status" title={t('metrics:heldHint')}>
            {held && (
              <>
                <Icon name="pause" size={10} /> {t('metrics:held')}
              </>
            )}
          </span>
          <ZoomSteps chartTime={chartTime}>
            <Button onClick={chartTime.actions.onReset}>{t('metrics:chart.unzoom')}</Button>
          </ZoomSteps>
          <fieldset className="segmented" aria-label={t('metrics:view')}>
            <Button aria-pressed={view.show === 'chart'} onClick={() => view.change({ show: 'chart' })}>
              {t('metrics:chartView')}
            </Button>
            <Button aria-pressed={view.show === 'table'} onClick={() => view.change({ show: 'table' })}>
              {t('metrics:tableView')}
            </Button>
          </fieldset>
        </>
      }
    />
  );
}
