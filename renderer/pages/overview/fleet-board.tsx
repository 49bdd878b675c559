import { type KeyboardEvent, useMemo, useState } from 'react';
import type { Host } from '#shared/contract/hosts.ts';
import type { Problem } from '#shared/contract/site.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { RelativeTime } from '../../components/figures.tsx';
import { Panel } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { StateBadge, StateShape } from '../../components/state-badge.tsx';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { type FleetRow, fleetRows, nextIndex } from './fleet-model.ts';

const SHOWN = 400;
const REFRESH_MS = 15_000;

/**
 * Every host, worst first: one sentence for each that has something wrong (what, since when, who is on it), and those that
 * are well as small cards. Arrow keys, Home and End move among them.
 */
export function FleetBoard({
  hosts,
  problems,
}: {
  readonly hosts: readonly Host[];
  readonly problems: readonly Problem[];
}) {
  const { t } = useTranslation();
  const people = usePeople();
  const rows = useMemo(() => fleetRows(hosts, problems, people), [hosts, problems, people]);
  const [current, setCurrent] = useState<string | null>(null);
  const shown = rows.slice(0, SHOWN);
  const hidden = rows.length - shown.length;
  const at = Math.max(
    0,
    shown.findIndex(({ host }) => host.id === current),
  );
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>): void => {
    const next = nextIndex(event.key, at, shown.length);
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setCurrent(shown[next]?.host.id ?? null);
    event.currentTarget.querySelectorAll<HTMLElement>('.fleet-host')[next]?.focus();
  };
  return (
    <Panel
      title={t('overview:fleet.title')}
      extra={<span className="soft figure">{t('overview:fleet.count', { total: hosts.length })}</span>}
    >
      <ul className="fleet" data-testid="fleet" onKeyDown={onKeyDown}>
        {shown.map((row, index) => (
          <li key={row.host.id} className={row.isCalm ? undefined : 'fleet-wide'}>
            <FleetHost row={row} tabIndex={index === at ? 0 : -1} onFocus={setCurrent} />
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

function FleetHost({
  row: { host, problem, more, since, onIt, isCalm },
  tabIndex,
  onFocus,
}: {
  readonly row: FleetRow;
  readonly tabIndex: number;
  readonly onFocus: (hostId: string) => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const link = {
    to: `/hosts/${encodeURIComponent(host.id)}`,
    tabIndex,
    onFocus: () => onFocus(host.id),
  };
  if (isCalm)
    return (
      <PageLink className="fleet-host fleet-up" {...link}>
        <span className="fleet-state">
          <span className="fleet-name" title={host.name}>
            {host.name}
          </span>
          <StateShape state="up" size={12} />
          <span className="visually-hidden">{t('common:state.up')}</span>
        </span>
        <span className="soft small ellipsis">
          {t(`common:tier.${host.tier}`)} ·{' '}
          <span className="figure">
            {host.targetsUp}/{host.targets}
          </span>
        </span>
      </PageLink>
    );
  return (
    <PageLink className={`fleet-host fleet-${host.state} fleet-${problem?.severity ?? 'none'}`} {...link}>
      <span className="fleet-state">
        <StateBadge state={host.state === 'up' && problem !== null ? problem.severity : host.state} />
        <span className="fleet-name" title={host.name}>
          {host.name}
        </span>
        <span className="fleet-sentence" title={problem === null ? undefined : text(problem.sentence)}>
          {problem === null ? t(`common:tier.${host.tier}`) : text(problem.sentence)}
        </span>
        {more > 0 && <span className="soft small">{t('overview:fleet.others', { count: more })}</span>}
        <span className="soft small">
          <RelativeTime time={since} />
        </span>
        {problem !== null && (
          <span className={onIt === null ? 'soft small' : 'small'}>
            {onIt === null
              ? t('overview:fleet.nobody')
              : t(onIt.kind === 'owner' ? 'overview:fleet.owner' : 'overview:fleet.onIt', {
                  name: onIt.name,
                })}
          </span>
        )}
      </span>
    </PageLink>
  );
}

/** Who acknowledged what, and who owns which host. */
function usePeople() {
  const alerts = useRequest('notify.alerts', {}, { refreshMs: REFRESH_MS });
  const inventory = useRequest('inventory.get', {}, { refreshMs: 4 * REFRESH_MS });
  useEvent('notify.changed', alerts.reload);
  useEvent('inventory.changed', inventory.reload);
  const views = alerts.data?.alerts;
  const cards = inventory.data?.cards;
  return useMemo(
    () => ({
      acknowledgedBy: new Map(
        views?.map(({ problem, acknowledgement }) => [problem.id, acknowledgement?.by ?? null]),
      ),
      owners: new Map(cards?.map(({ hostId, owner }) => [hostId, owner])),
    }),
    [views, cards],
  );
}
