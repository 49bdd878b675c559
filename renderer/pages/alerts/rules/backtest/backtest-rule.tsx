import { useMemo } from 'react';
import type { Backtest, BacktestAlert, BacktestRule } from '#shared/contract/rules-authoring.ts';
import { type Column, DataTable } from '../../../../components/data-table.tsx';
import { AbsoluteTime } from '../../../../components/figures.tsx';
import { absoluteText, durationText } from '../../../../components/time.ts';
import { useTranslation } from '../../../../locales/use-translation.ts';
import { BacktestTimeline } from './backtest-timeline.tsx';

/** What one rule would have done: a sentence, a picture, a table. */
export function BacktestRuleView({
  rule,
  result,
}: {
  readonly rule: BacktestRule;
  readonly result: Backtest;
}) {
  const { t } = useTranslation();
  const rows = useMemo(() => rule.alerts.flatMap(rowsOf), [rule]);
  const columns = useColumns(result.to);
  return (
    <section className="stack-small">
      <h3>{rule.rule}</h3>
      <p>
        {rule.fired === 0
          ? t('rules:backtest.none')
          : t('rules:backtest.summary', {
              fired: rule.fired,
              length: durationText(t, rule.firingMs),
              longest: durationText(t, rule.longestMs),
              series: rule.alertCount,
            })}
        {rule.pendingOnly > 0 && ` ${t('rules:backtest.pendingOnly', { count: rule.pendingOnly })}`}
      </p>
      {rule.failures > 0 && (
        <p className="notice notice-warning">
          {t('rules:backtest.failures', { count: rule.failures, why: rule.lastFailure ?? '' })}
        </p>
      )}
      {rows.length > 0 && (
        <>
          <BacktestTimeline rule={rule} from={result.from} to={result.to} />
          <DataTable
            id="backtest"
            label={t('rules:backtest.table')}
            columns={columns}
            rows={rows}
            rowKey={({ key }) => key}
            defaultSort={{ column: 'pending', descending: true }}
            maxHeight={260}
            empty={null}
          />
        </>
      )}
    </section>
  );
}

type Row = {
  readonly key: string;
  readonly series: string;
  readonly activeAt: number;
  readonly firedAt: number | null;
  readonly endedAt: number | null;
};

/** The labels that tell one alert of a rule from another. */
export function seriesText({ labels }: BacktestAlert): string {
  return Object.entries(labels)
    .filter(([name]) => name !== 'alertname' && name !== 'severity')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function rowsOf(alert: BacktestAlert): readonly Row[] {
  const series = seriesText(alert);
  return alert.spans.map((span) => ({ key: `${series}@${span.activeAt}`, series, ...span }));
}

function useColumns(to: number): readonly Column<Row>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: 'series',
        title: t('rules:backtest.series'),
        width: 240,
        text: ({ series }) => series,
        sortBy: ({ series }) => series,
      },
      {
        id: 'pending',
        title: t('rules:backtest.pendingSince'),
        width: 150,
        text: ({ activeAt }) => absoluteText(activeAt),
        render: ({ activeAt }) => <AbsoluteTime time={activeAt} />,
        sortBy: ({ activeAt }) => activeAt,
      },
      {
        id: 'fired',
        title: t('rules:backtest.fired'),
        width: 150,
        text: ({ firedAt }) => (firedAt === null ? t('rules:backtest.onlyPending') : absoluteText(firedAt)),
        sortBy: ({ firedAt }) => firedAt ?? 0,
      },
      {
        id: 'ended',
        title: t('rules:backtest.ended'),
        width: 150,
        text: ({ endedAt }) => (endedAt === null ? t('rules:backtest.stillFiring') : absoluteText(endedAt)),
        sortBy: ({ endedAt }) => endedAt ?? Number.MAX_SAFE_INTEGER,
      },
      {
        id: 'length',
        title: t('rules:backtest.length'),
        width: 110,
        align: 'right',
        text: ({ firedAt, endedAt }) => (firedAt === null ? '' : durationText(t, (endedAt ?? to) - firedAt)),
        sortBy: ({ firedAt, endedAt }) => (firedAt === null ? 0 : (endedAt ?? to) - firedAt),
      },
    ],
    [t, to],
  );
}
