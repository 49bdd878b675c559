import { PageLink } from '../../../components/page-link.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { hostCharts } from '../host-expressions.ts';

/** The ways on from a host: its page, its own log lines, its own metrics, backups; all on the page's time axis. */
export function HostWays({ hostId }: { readonly hostId: string }) {
  const { t } = useTranslation();
  const { data } = useRequest('hosts.get', { id: hostId }, { subject: hostId });
  const charts = data === null ? [] : hostCharts(data.host, data.targets);
  return (
    <p className="row wrap">
      <PageLink to={`/hosts/${encodeURIComponent(hostId)}`}>{t('inventory:open')}</PageLink>
      {data !== null && (
        <>
          <PageLink to={`/logs?q=${encodeURIComponent(`host:${JSON.stringify(data.host.name)}`)}`}>
            {t('inventory:logs')}
          </PageLink>
          <PageLink to={`/metrics?${charts.map(({ expr }) => `expr=${encodeURIComponent(expr)}`).join('&')}`}>
            {t('inventory:metrics')}
          </PageLink>
        </>
      )}
      <PageLink to="/backups">{t('inventory:backups')}</PageLink>
    </p>
  );
}
