import { Link } from 'react-router';
import type { Problem } from '#shared/contract/site.ts';
import { Panel } from '../../../components/page-header.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { queryValue } from '../../logs/log-filters.ts';
import { type AlertExpression, spanAround } from './alert-expression.ts';

/** Where to look next, at the time of the alert. */
export function AlertLinks({
  problem,
  labels,
  expression,
}: {
  readonly problem: Problem;
  readonly labels: Readonly<Record<string, string>>;
  readonly expression: AlertExpression | null;
}) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const hosts = useRequest('hosts.list', {});
  const { start, end } = spanAround(problem.since, problem.until, now);
  const time = `from=${start}&to=${end}`;
  const host = hosts.data?.hosts.find(
    ({ name, address }) =>
      name === labels.host || (labels.instance !== undefined && address === labels.instance),
  );
  // A rule's own alert leads to this very page.
  const isElsewhere = !problem.link.startsWith('/alerts');
  return (
    <Panel title={t('alerts:links.title')}>
      <div className="row">
        {isElsewhere && (
          <Link className="btn" to={problem.link}>
            {t('alerts:links.about')}
          </Link>
        )}
        {host && (
          <Link className="btn" to={`/hosts/${encodeURIComponent(host.id)}?${time}`}>
            {t('alerts:links.host', { name: host.name })}
          </Link>
        )}
        {expression && (
          <Link className="btn" to={`/metrics?expr=${encodeURIComponent(expression.expr)}&${time}`}>
            {t('alerts:links.metrics')}
          </Link>
        )}
        <Link
          className="btn"
          to={`/logs?${time}${host ? `&q=${encodeURIComponent(`host:${queryValue(host.name)}`)}` : ''}`}
        >
          {t('alerts:links.logs')}
        </Link>
      </div>
    </Panel>
  );
}
