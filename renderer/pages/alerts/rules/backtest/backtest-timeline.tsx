import type { BacktestRule } from '#shared/contract/rules-authoring.ts';
import { absoluteText } from '../../../../components/time.ts';
import { useTranslation } from '../../../../locales/use-translation.ts';
import { seriesText } from './backtest-rule.tsx';

/** Series that are drawn; the table has them all. */
const MOST_ROWS = 20;
const WIDTH = 1000;

/** When each alert of a rule would have been pending and firing, a line for each series. The table beside it says the same. */
export function BacktestTimeline({
  rule,
  from,
  to,
}: {
  readonly rule: BacktestRule;
  readonly from: number;
  readonly to: number;
}) {
  const { t } = useTranslation();
  const drawn = rule.alerts.slice(0, MOST_ROWS);
  const x = (time: number): number => (Math.min(to, Math.max(from, time)) - from) * (WIDTH / (to - from));
  return (
    <figure
      className="backtest-timeline"
      aria-label={t('rules:backtest.chartOf', {
        rule: rule.rule,
        fired: rule.fired,
        series: rule.alertCount,
      })}
    >
      {drawn.map((alert) => (
        <div key={seriesText(alert)} className="backtest-line">
          <span className="backtest-name mono" title={seriesText(alert)}>
            {seriesText(alert)}
          </span>
          <svg viewBox={`0 0 ${WIDTH} 14`} preserveAspectRatio="none" aria-hidden="true">
            <line x1="0" x2={WIDTH} y1="7" y2="7" className="backtest-axis" />
            {alert.spans.map(({ activeAt, firedAt, endedAt }) => {
              const end = x(endedAt ?? to);
              return (
                <g key={activeAt}>
                  <rect
                    className="backtest-pending"
                    x={x(activeAt)}
                    y="5"
                    height="4"
                    width={Math.max(1, x(firedAt ?? endedAt ?? to) - x(activeAt))}
                  />
                  {firedAt !== null && (
                    <rect
                      className="backtest-firing"
                      x={x(firedAt)}
                      y="1"
                      height="12"
                      width={Math.max(2, end - x(firedAt))}
                    />
                  )}
                </g>
              );
            })}
          </svg>
        </div>
      ))}
      <figcaption className="backtest-ends soft small">
        <span>{absoluteText(from)}</span>
        {rule.alertCount > drawn.length && (
          <span>{t('rules:backtest.more', { count: rule.alertCount - drawn.length })}</span>
        )}
        <span>{absoluteText(to)}</span>
      </figcaption>
    </figure>
  );
}
