import { useMemo } from 'react';
import { Button } from '../components/button.tsx';
import { RequestView } from '../components/request-view.tsx';
import { useRequest } from '../components/use-request.ts';
import { useTimeRange } from '../components/use-time-range.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { mergeLines } from './chart-lines.ts';
import { niceStep, onGrid } from './steps.ts';
import { TimeChart } from './time-chart.tsx';
import { guessUnit, type Unit } from './units.ts';
import { useChartActions } from './use-chart-actions.ts';

export type ExpressionChartProps = {
  readonly title: string;
  readonly expr: string;
  readonly unit?: Unit;
  readonly height?: number;
};

const POINTS = 300;

/** One expression over the page's time range; dragging zooms the whole page. */
export function ExpressionChart({ title, expr, unit, height = 160 }: ExpressionChartProps) {
  const { t } = useTranslation();
  const range = useTimeRange();
  const { actions } = useChartActions();
  const stepMs = niceStep(range.end - range.start, POINTS);
  const request = useRequest(
    'metrics.columns',
    { expr, ...onGrid(range.start, range.end, stepMs), stepMs, maxSeries: 20 },
    { subject: expr, patient: true },
  );
  const gaps = useRequest('site.watchGaps', { start: range.start, end: range.end }, { patient: true });
  const columns = request.data;
  const data = useMemo(
    () =>
      mergeLines(
        columns === null
          ? []
          : [
              {
                key: expr,
                prefix: '',
                template: '',
                alone: title,
                unit: unit ?? guessUnit(expr),
                side: 'left',
                columns,
              },
            ],
      ),
    [columns, expr, title, unit],
  );
  return (
    <section className="panel">
      <div className="panel-head">
        <h3>{title}</h3>
        {range.name === null && (
          <Button kind="quiet" onClick={actions.onReset}>
            {t('metrics:chart.unzoom')}
          </Button>
        )}
      </div>
      <RequestView request={request} rows={5}>
        {() =>
          data.lines.length === 0 ? (
            <p className="soft">{t('metrics:chart.noSamples')}</p>
          ) : (
            <TimeChart
              label={title}
              data={data}
              start={range.start}
              end={range.end}
              gaps={gaps.data?.gaps ?? []}
              height={height}
              actions={actions}
            />
          )
        }
      </RequestView>
    </section>
  );
}
