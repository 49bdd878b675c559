import { useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { type Host, type HostState, hostStateSchema, type Tier, tierSchema } from '#shared/contract/hosts.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { RelativeTime } from '../../components/figures.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageLink, withRange } from '../../components/page-link.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useRangeSearch } from '../../components/use-time-range.ts';
import { severityRank, worstFirst } from '../../components/worst-first.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { ExportConfiguration } from '../settings/configuration/configuration-section.tsx';

const tiers: readonly Tier[] = tierSchema.options;
const states: readonly HostState[] = hostStateSchema.options;

/** All hosts, worst first, filtered by tier and state; the filters live in the address. */
export function HostList() {
  const { t } = useTranslation();
  const hosts = useRequest('hosts.list', {}, { refreshMs: 10_000 });
  useEvent('hosts.changed', hosts.reload);
  const count = (state: HostState): number =>
    (hosts.data?.hosts ?? []).filter((host) => host.state === state).length;
  return (
    <div className="page">
      <PageHeader
        title={t('hosts:title')}
        summary={
          hosts.data &&
          t('hosts:summary', {
            total: hosts.data.hosts.length,
            up: count('up'),
            down: count('down'),
            unreachable: count('unreachable'),
            unwatched: count('not_watched'),
          })
        }
        actions={
          <>
            <ExportConfiguration />
            <PageLink className="btn" to="/hosts/topology">
              {t('inventory:topology')}
            </PageLink>
            <PageLink className="btn" to="/hosts/jobs">
              {t('jobs:open')}
            </PageLink>
            <PageLink className="btn" to="/hosts/ssh">
              {t('ssh:title')}
            </PageLink>
            <PageLink className="btn" to="/hosts/import-list">
              {t('inventory:importList')}
            </PageLink>
            <PageLink className="btn" to="/hosts/import">
              {t('hosts:import')}
            </PageLink>
            <PageLink className="btn btn-primary" to="/hosts/add">
              {t('hosts:add')}
            </PageLink>
          </>
        }
      />
      <RequestView request={hosts} rows={10}>
        {(data) => <HostTable hosts={data.hosts} />}
      </RequestView>
    </div>
  );
}

function HostTable({ hosts }: { readonly hosts: readonly Host[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const range = useRangeSearch();
  const [params, setParams] = useSearchParams();
  const columns = useHostColumns();
  const tier = tiers.find((known) => known === params.get('tier')) ?? null;
  const state = states.find((known) => known === params.get('state')) ?? null;
  const rows = useMemo(
    () =>
      worstFirst(hosts).filter(
        (host) => (tier === null || host.tier === tier) && (state === null || host.state === state),
      ),
    [hosts, tier, state],
  );
  const choose = (key: 'tier' | 'state', value: string): void =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (value === '') next.delete(key);
      else next.set(key, value);
      return next;
    });
  const filters = (
    <>
      <select
        className="input"
        aria-label={t('hosts:tierFilter')}
        value={tier ?? ''}
        onChange={(event) => choose('tier', event.target.value)}
      >
        <option value="">{t('hosts:allTiers')}</option>
        {tiers.map((known) => (
          <option key={known} value={known}>
            {t(`common:tier.${known}`)}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t('hosts:stateFilter')}
        value={state ?? ''}
        onChange={(event) => choose('state', event.target.value)}
      >
        <option value="">{t('hosts:allStates')}</option>
        {states.map((known) => (
          <option key={known} value={known}>
            {t(`common:state.${known}`)}
          </option>
        ))}
      </select>
    </>
  );
  const filtered = tier !== null || state !== null;
  return (
    <DataTable
      id="hosts"
      label={t('hosts:table')}
      columns={columns}
      rows={rows}
      rowKey={(host) => host.id}
      total={hosts.length}
      toolbar={filters}
      onOpen={(host) => void navigate(withRange(`/hosts/${encodeURIComponent(host.id)}`, range))}
      empty={
        filtered ? (
          <EmptyState
            title={t('hosts:noneFiltered')}
            action={<Button onClick={() => setParams({})}>{t('hosts:showAll')}</Button>}
          />
        ) : (
          <EmptyState
            title={t('hosts:none')}
            body={t('hosts:noneBody')}
            action={
              <PageLink className="btn btn-primary" to="/hosts/add">
                {t('hosts:add')}
              </PageLink>
            }
          />
        )
      }
    />
  );
}

function useHostColumns(): readonly Column<Host>[] {
  const { t } = useTranslation();
  const text = useText();
  return useMemo(
    () => [
      {
        id: 'state',
        title: t('hosts:column.state'),
        text: (host) => t(`common:state.${host.state}`),
        render: (host) => <StateBadge state={host.state} />,
        sortBy: severityRank,
        width: 120,
      },
      {
        id: 'name',
        title: t('hosts:column.name'),
        text: (host) => host.name,
        render: (host) => <PageLink to={`/hosts/${encodeURIComponent(host.id)}`}>{host.name}</PageLink>,
        sortBy: (host) => host.name,
        width: 170,
      },
      {
        id: 'tier',
        title: t('hosts:column.tier'),
        text: (host) => t(`common:tier.${host.tier}`),
        sortBy: (host) => tiers.indexOf(host.tier),
        width: 140,
      },
      {
        id: 'address',
        title: t('hosts:column.address'),
        text: (host) => host.address,
        sortBy: (host) => host.address,
        width: 150,
      },
      {
        id: 'targets',
        title: t('hosts:column.targets'),
        text: (host) => `${host.targetsUp}/${host.targets}`,
        sortBy: (host) => host.targets - host.targetsUp,
        align: 'right',
        width: 96,
      },
      {
        id: 'since',
        title: t('hosts:column.since'),
        text: (host) => absoluteText(host.stateSince),
        render: (host) => <RelativeTime time={host.stateSince} />,
        sortBy: (host) => host.stateSince,
        width: 130,
      },
      {
        id: 'seen',
        title: t('hosts:column.seen'),
        text: (host) => (host.lastSeenAt === null ? '' : absoluteText(host.lastSeenAt)),
        render: (host) => <RelativeTime time={host.lastSeenAt} />,
        sortBy: (host) => host.lastSeenAt ?? 0,
        width: 110,
      },
      {
        id: 'error',
        title: t('hosts:column.error'),
        text: (host) => (host.lastError === null ? '' : text(host.lastError.message)),
        width: 240,
      },
    ],
    [t, text],
  );
}
