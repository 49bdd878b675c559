import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import type { TopologyLink, TopologyNode } from '#shared/contract/inventory.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageLink, withRange } from '../../../components/page-link.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useRangeSearch } from '../../../components/use-time-range.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { compareNodes, keyOf, ROWS, rowOf } from './layout.ts';

/** The picture as a table: the same nodes, with their links in words. */
export function TopologyTable({
  nodes,
  links,
  total,
}: {
  readonly nodes: readonly TopologyNode[];
  readonly links: readonly TopologyLink[];
  readonly total: number;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const range = useRangeSearch();
  const names = useMemo(() => new Map(nodes.map(({ node, name }) => [keyOf(node), name])), [nodes]);
  const outgoing = useMemo(() => {
    const by = new Map<string, TopologyLink[]>();
    for (const link of links) by.set(keyOf(link.from), [...(by.get(keyOf(link.from)) ?? []), link]);
    return by;
  }, [links]);
  const rows = useMemo(() => nodes.toSorted(compareNodes), [nodes]);
  const columns = useMemo<readonly Column<TopologyNode>[]>(() => {
    const linkText = (link: TopologyLink): string => {
      const to = names.get(keyOf(link.to)) ?? link.to.id;
      const facts = [
        link.protocol,
        t(`inventory:linkState.${link.state}`),
        link.ms === null ? '' : `${link.ms < 10 ? link.ms.toFixed(1) : Math.round(link.ms)} ms`,
      ].filter((part) => part !== '');
      return `${t(`inventory:depends.${link.dependsOn}`)} ${to} (${facts.join(', ')})`;
    };
    return [
      {
        id: 'state',
        title: t('inventory:column.state'),
        text: ({ state }) => t(`common:state.${state}`),
        render: ({ state }) => <StateBadge state={state} />,
        sortBy: ({ state }) => ['down', 'unreachable', 'not_watched', 'up'].indexOf(state),
        width: 110,
      },
      {
        id: 'name',
        title: t('inventory:column.name'),
        text: ({ name }) => name,
        render: (node) => <PageLink to={place(node)}>{node.name}</PageLink>,
        sortBy: ({ name }) => name,
        width: 150,
      },
      {
        id: 'tier',
        title: t('inventory:column.tier'),
        text: ({ tier }) => t(`inventory:tier.${rowOf(tier)}`),
        sortBy: ({ tier }) => ROWS.indexOf(rowOf(tier)),
        width: 130,
      },
      {
        id: 'kind',
        title: t('inventory:column.kind'),
        text: ({ kind }) => t(`inventory:kind.${kind}`),
        sortBy: ({ kind }) => kind,
        width: 120,
      },
      {
        id: 'cause',
        title: t('inventory:column.cause'),
        text: ({ causes }) => causes.map(({ name }) => name).join(t('inventory:comma')),
        width: 130,
      },
      {
        id: 'behind',
        title: t('inventory:column.behind'),
        text: ({ behind }) => String(behind),
        sortBy: ({ behind }) => behind,
        align: 'right',
        width: 80,
      },
      { id: 'owner', title: t('inventory:column.owner'), text: ({ owner }) => owner, width: 110 },
      {
        id: 'links',
        title: t('inventory:column.links'),
        text: ({ node }) => (outgoing.get(keyOf(node)) ?? []).map(linkText).join('; '),
        width: 320,
      },
    ];
  }, [t, names, outgoing]);
  return (
    <DataTable
      id="topology"
      label={t('inventory:topology')}
      columns={columns}
      rows={rows}
      rowKey={({ node }) => keyOf(node)}
      total={total}
      empty={<EmptyState title={t('inventory:noneFiltered')} />}
      onOpen={(node) => void navigate(withRange(place(node), range))}
    />
  );
}

/** The page of a node: its host's, or its place in the picture when it runs on none. */
function place({ node, hostId: on }: TopologyNode): string {
  const hostId = node.kind === 'host' ? node.id : on;
  return hostId === null
    ? `/hosts/topology?node=${encodeURIComponent(keyOf(node))}`
    : `/hosts/${encodeURIComponent(hostId)}`;
}
