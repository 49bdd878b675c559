import './metrics.css';
import { formatBytes } from '#shared/units/bytes.ts';
import type { PageModule } from '../../app/page-module.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTimeRange } from '../../components/use-time-range.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { Explorer } from './explorer.tsx';
import { ExpressionPanel } from './expression-panel.tsx';
import { useExpressions } from './use-expressions.ts';

function MetricsPage() {
  const { t } = useTranslation();
  const stats = useRequest('metrics.stats', {}, { refreshMs: 30_000 });
  const expressions = useExpressions();
  const range = useTimeRange();
  return (
    <div className="page metrics-page">
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
            {range.name === null && (
              <Button onClick={() => range.setNamed('1h')}>{t('metrics:chart.unzoom')}</Button>
            )}
            <fieldset className="segmented" aria-label={t('metrics:view')}>
              <Button
                aria-pressed={expressions.view === 'chart'}
                onClick={() => expressions.setView('chart')}
              >
                {t('metrics:chartView')}
              </Button>
              <Button
                aria-pressed={expressions.view === 'table'}
                onClick={() => expressions.setView('table')}
              >
                {t('metrics:tableView')}
              </Button>
            </fieldset>
          </>
        }
      />
      <div className="metrics-columns">
        <Explorer onUse={expressions.use} />
        <div className="stack">
          {expressions.list.map((expr, position) => (
            <ExpressionPanel
              // biome-ignore lint/suspicious/noArrayIndexKey: an expression is known by its place; its text changes.
              key={position}
              number={position + 1}
              expr={expr}
              view={expressions.view}
              onRun={(next) => expressions.set(position, next)}
              onRemove={expressions.list.length > 1 ? () => expressions.remove(position) : undefined}
            />
          ))}
          {expressions.list.every((expr) => expr === '') && (
            <EmptyState title={t('metrics:empty')} body={t('metrics:emptyBody')} />
          )}
          <div className="row">
            <Button onClick={expressions.add}>{t('metrics:addExpression')}</Button>
          </div>
        </div>
      </div>
    </div>
  );
}

/** Expressions as charts and tables, with the names of all metrics beside them. */
export const metricsPage: PageModule = {
  id: 'metrics',
  Component: MetricsPage,
  keys: [{ keys: 'Enter', does: 'metrics:keys.run' }],
};
