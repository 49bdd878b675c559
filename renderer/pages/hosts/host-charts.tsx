import { useMemo } from 'react';
import type { Host, Target } from '#shared/contract/hosts.ts';
import { ExpressionChart } from '../../charts/expression-chart.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { hostCharts } from './host-expressions.ts';

/** The key metrics of a host, two charts a row, all on the page's time axis. */
export function HostCharts({ host, targets }: { readonly host: Host; readonly targets: readonly Target[] }) {
  const { t } = useTranslation();
  const charts = useMemo(() => hostCharts(host, targets), [host, targets]);
  return (
    <section aria-label={t('hosts:host.metrics')} className="stack tight">
      <div className="panel-head">
        <h2>{t('hosts:host.metrics')}</h2>
        <PageLink to={`/metrics?${charts.map(({ expr }) => `expr=${encodeURIComponent(expr)}`).join('&')}`}>
          {t('hosts:host.explore')}
        </PageLink>
      </div>
      <div className="chart-grid">
        {charts.map(({ id, expr, unit }) => (
          <ExpressionChart key={id} title={t(`hosts:host.${id}`)} expr={expr} unit={unit} />
        ))}
      </div>
    </section>
  );
}
