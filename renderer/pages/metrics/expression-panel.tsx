import { useState } from 'react';
import { niceStep } from '../../charts/steps.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import { guessUnit } from '../../charts/units.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTimeRange } from '../../components/use-time-range.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { ExpressionInput } from './expression-input.tsx';
import { SeriesTable } from './series-table.tsx';
import type { MetricsView } from './use-expressions.ts';

export type ExpressionPanelProps = {
  /** Counts from 1, for names. */
  readonly number: number;
  readonly expr: string;
  readonly view: MetricsView;
  readonly onRun: (expr: string) => void;
  readonly onRemove: (() => void) | undefined;
};

const POINTS = 500;

/** One expression: its line, and its result as a chart or as a table. */
export function ExpressionPanel({ number, expr, view, onRun, onRemove }: ExpressionPanelProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(expr);
  const [shown, setShown] = useState(expr);
  // The address is the truth: going back in history, or choosing a metric, changes the line.
  if (shown !== expr) {
    setShown(expr);
    setText(expr);
  }
  return (
    <section className="panel" aria-label={t('metrics:expressionN', { n: number })}>
      <form
        className="expression-line"
        onSubmit={(event) => {
          event.preventDefault();
          onRun(text.trim());
        }}
      >
        <ExpressionInput
          label={t('metrics:expressionN', { n: number })}
          value={text}
          onChange={setText}
          onRun={() => onRun(text.trim())}
        />
        <Button type="submit" kind="primary">
          {t('metrics:run')}
        </Button>
        {onRemove && (
          <Button kind="quiet" aria-label={t('metrics:removeExpression', { n: number })} onClick={onRemove}>
            <Icon name="close" />
          </Button>
        )}
      </form>
      {expr !== '' && <ExpressionResult number={number} expr={expr} view={view} />}
    </section>
  );
}

function ExpressionResult({ number, expr, view }: Pick<ExpressionPanelProps, 'number' | 'expr' | 'view'>) {
  const { t } = useTranslation();
  const range = useTimeRange();
  const stepMs = niceStep(range.end - range.start, POINTS);
  const request = useRequest(
    'metrics.columns',
    { expr, start: range.start, end: range.end, stepMs },
    { subject: expr, patient: true },
  );
  const gaps = useRequest('site.watchGaps', { start: range.start, end: range.end }, { patient: true });
  const unit = guessUnit(expr);
  return (
    <RequestView request={request} rows={8}>
      {(columns) =>
        columns.series.length === 0 ? (
          <p className="soft">{t('metrics:chart.noSeries')}</p>
        ) : (
          <>
            {view === 'chart' ? (
              <TimeChart
                label={expr}
                columns={columns}
                start={range.start}
                end={range.end}
                gaps={gaps.data?.gaps ?? []}
                unit={unit}
                height={280}
                onZoom={range.setSpan}
              />
            ) : (
              <SeriesTable number={number} columns={columns} unit={unit} />
            )}
            <p className="soft small figure">
              {t('metrics:series', { count: columns.series.length + columns.seriesOmitted })} ·{' '}
              {t('metrics:tookMs', { ms: columns.tookMs.toFixed(1) })}
            </p>
          </>
        )
      }
    </RequestView>
  );
}
