import { useMemo, useState } from 'react';
import type { Problem } from '#shared/contract/site.ts';
import { type ChartLine, mergeLines } from '../../../charts/chart-lines.ts';
import { niceStep, onGrid } from '../../../charts/steps.ts';
import { TimeChart } from '../../../charts/time-chart.tsx';
import { guessUnit } from '../../../charts/units.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { type AlertExpression, spanAround } from './alert-expression.ts';
import { seriesOfAlert } from './threshold.ts';

const POINTS = 300;
const MOST_SERIES = 50;

/** What the rule judged around the time of the alert, with the threshold as a line of its own. */
export function AlertChart({
  problem,
  expression,
}: {
  readonly problem: Problem;
  readonly expression: AlertExpression;
}) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const [zoomed, setZoomed] = useState<{ readonly start: number; readonly end: number } | null>(null);
  const range = zoomed ?? spanAround(problem.since, problem.until, now);
  const stepMs = niceStep(range.end - range.start, POINTS);
  const request = useRequest(
    'metrics.columns',
    { expr: expression.expr, ...onGrid(range.start, range.end, stepMs), stepMs, maxSeries: MOST_SERIES },
    { subject: expression.expr, patient: true },
  );
  const gaps = useRequest('site.watchGaps', range, { patient: true });
  const data = useMemo(() => {
    if (request.data === null) return null;
    const unit = guessUnit(expression.expr);
    const source = {
      key: 'alert',
      prefix: '',
      template: '',
      alone: t('alerts:chart.value'),
      unit,
      side: 'left' as const,
      columns: seriesOfAlert(request.data, expression.labels),
    };
    const lines = mergeLines([source]);
    const { operator, bound } = expression;
    if (bound === null || lines.lines.length === 0) return lines;
    const threshold: ChartLine = {
      key: 'threshold',
      name: t('alerts:chart.threshold', { operator, bound }),
      full: expression.full,
      labels: {},
      unit,
      side: 'left',
      values: lines.times.map(() => bound),
    };
    return { ...lines, lines: [...lines.lines, threshold] };
  }, [request.data, expression, t]);
  const zoom = (start: number, end: number): void =>
    setZoomed({ start: Math.round(start), end: Math.round(end) });
  const length = range.end - range.start;
  return (
    <Panel
      title={t('alerts:chart.title')}
      extra={
        zoomed && (
          <Button kind="quiet" onClick={() => setZoomed(null)}>
            {t('metrics:chart.unzoom')}
          </Button>
        )
      }
    >
      <p className="small">
        <code>{expression.full}</code>
      </p>
      <RequestView request={request} rows={6}>
        {() =>
          data === null || data.lines.length === 0 ? (
            <p className="soft">{t('metrics:chart.noSamples')}</p>
          ) : (
            <TimeChart
              label={t('alerts:chart.title')}
              data={data}
              start={range.start}
              end={range.end}
              gaps={gaps.data?.gaps ?? []}
              height={180}
              actions={{
                onZoom: zoom,
                onBack: () => setZoomed(null),
                onReset: () => setZoomed(null),
                onPan: (share) => zoom(range.start + length * share, range.end + length * share),
                onScale: (factor, around) =>
                  zoom(around - (around - range.start) * factor, around + (range.end - around) * factor),
              }}
            />
          )
        }
      </RequestView>
    </Panel>
  );
}
