import type { Host } from '#shared/contract/hosts.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { RelativeTime } from '../../components/figures.tsx';
import { Panel } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { worstFirst } from '../../components/worst-first.ts';
import { useTranslation } from '../../locales/use-translation.ts';

const SHOWN = 60;

/** Every host as one small card, worst first. */
export function FleetBoard({ hosts }: { readonly hosts: readonly Host[] }) {
  const { t } = useTranslation();
  const sorted = worstFirst(hosts);
  const hidden = sorted.length - SHOWN;
  return (
    <Panel
      title={t('overview:fleet.title')}
      extra={<span className="soft figure">{t('overview:fleet.count', { total: hosts.length })}</span>}
    >
      <ul className="fleet" data-testid="fleet">
        {sorted.slice(0, SHOWN).map((host) => (
          <li key={host.id}>
            <PageLink
              className={`fleet-host fleet-${host.state}`}
              to={`/hosts/${encodeURIComponent(host.id)}`}
            >
              <span className="fleet-name" title={host.name}>
                {host.name}
              </span>
              <span className="fleet-state">
                <StateBadge state={host.state} />
                <span className="soft small">
                  <RelativeTime time={host.stateSince} />
                </span>
              </span>
              <span className="soft small ellipsis">
                {t(`common:tier.${host.tier}`)} ·{' '}
                <span className="figure">
                  {host.targetsUp}/{host.targets}
                </span>
              </span>
            </PageLink>
          </li>
        ))}
      </ul>
      {hidden > 0 && <PageLink to="/hosts">{t('overview:fleet.more', { count: hidden })}</PageLink>}
      {hosts.every((host) => host.thisWorkstation) && (
        <EmptyState
          title={t('overview:fleet.onlyWorkstation')}
          body={t('overview:fleet.onlyWorkstationBody')}
          action={
            <div className="row">
              <PageLink className="btn btn-primary" to="/hosts/add">
                {t('overview:fleet.add')}
              </PageLink>
              <PageLink className="btn" to="/hosts/import">
                {t('overview:fleet.import')}
              </PageLink>
            </div>
          }
        />
      )}
    </Panel>
  );
}
