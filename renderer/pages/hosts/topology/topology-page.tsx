import { useDeferredValue, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { TopologyLink, TopologyNode } from '#shared/contract/inventory.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { keyOf, ROWS, type RowTier } from './layout.ts';
import { NodeSide } from './node-side.tsx';
import { TopologyPicture } from './topology-picture.tsx';
import { TopologyTable } from './topology-table.tsx';
import './topology.css';

/** The whole site: tiers, components, links and states, as a picture and as the table that says the same. */
export function TopologyPage() {
  const { t } = useTranslation();
  const request = useRequest('inventory.topology', {}, { refreshMs: 10_000 });
  useEvent('hosts.changed', request.reload);
  useEvent('inventory.changed', request.reload);
  const data = request.data;
  const bad = data?.nodes.filter(({ state }) => state === 'down' || state === 'unreachable').length ?? 0;
  return (
    <div className="page">
      <PageLink className="back-link" to="/hosts">
        ← {t('hosts:host.back')}
      </PageLink>
      <PageHeader
        title={t('inventory:topology')}
        summary={data && t('inventory:summary', { nodes: data.nodes.length, links: data.links.length, bad })}
        actions={
          <PageLink className="btn" to="/hosts/import-list">
            {t('inventory:importList')}
          </PageLink>
        }
      />
      <RequestView request={request} rows={10}>
        {({ nodes, links }) => <Topology nodes={nodes} links={links} />}
      </RequestView>
    </div>
  );
}

function Topology({
  nodes: all,
  links,
}: {
  readonly nodes: readonly TopologyNode[];
  readonly links: readonly TopologyLink[];
}) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const [expanded, setExpanded] = useState<ReadonlySet<RowTier>>(new Set());
  const text = params.get('find') ?? '';
  const find = useDeferredValue(text.trim().toLowerCase());
  const onlyBad = params.get('bad') === '1';
  const asTable = params.get('view') === 'table';
  const chosen = params.get('node');
  const set = (key: string, value: string | null): void =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (value === null || value === '') next.delete(key);
        else next.set(key, value);
        return next;
      },
      { replace: true },
    );

  const nodes = useMemo(() => {
    // This workstation stands in the picture only when something is said about it.
    const linked = new Set(links.flatMap(({ from, to }) => [keyOf(from), keyOf(to)]));
    return all.filter(
      (node) =>
        (node.tier !== 'workstation' || linked.has(keyOf(node.node))) &&
        (find === '' || `${node.name} ${node.owner}`.toLowerCase().includes(find)) &&
        (!onlyBad || node.state === 'down' || node.state === 'unreachable'),
    );
  }, [all, links, find, onlyBad]);
  const chosenNode = all.find(({ node }) => keyOf(node) === chosen) ?? null;
  const fold = (tier: RowTier): void =>
    setExpanded((old) => new Set(old.has(tier) ? [...old].filter((one) => one !== tier) : [...old, tier]));

  if (all.every(({ tier }) => tier === 'workstation'))
    return (
      <EmptyState
        title={t('inventory:none')}
        body={t('inventory:noneBody')}
        action={
          <PageLink className="btn btn-primary" to="/hosts/import-list">
            {t('inventory:importList')}
          </PageLink>
        }
      />
    );
  return (
    <>
      <div className="row">
        <input
          className="input"
          type="search"
          aria-label={t('inventory:filter')}
          placeholder={t('inventory:filterHint')}
          value={text}
          onChange={(event) => set('find', event.target.value)}
        />
        <label className="row">
          <input
            type="checkbox"
            checked={onlyBad}
            onChange={(event) => set('bad', event.target.checked ? '1' : null)}
          />
          {t('inventory:onlyBad')}
        </label>
        {!asTable && (
          <label className="row">
            <input
              type="checkbox"
              checked={expanded.size === ROWS.length}
              onChange={(event) => setExpanded(new Set(event.target.checked ? ROWS : []))}
            />
            {t('inventory:expand')}
          </label>
        )}
        <fieldset className="segmented" aria-label={t('inventory:view')}>
          <Button aria-pressed={!asTable} onClick={() => set('view', null)}>
            {t('inventory:asPicture')}
          </Button>
          <Button aria-pressed={asTable} onClick={() => set('view', 'table')}>
            {t('inventory:asTable')}
          </Button>
        </fieldset>
        <span className="soft figure">
          {t('inventory:showing', { shown: nodes.length, total: all.length })}
        </span>
      </div>
      {nodes.length === 0 ? (
        <EmptyState
          title={t('inventory:noneFiltered')}
          action={
            <Button
              onClick={() => {
                setParams({}, { replace: true });
              }}
            >
              {t('hosts:showAll')}
            </Button>
          }
        />
      ) : asTable ? (
        <TopologyTable nodes={nodes} links={links} total={all.length} />
      ) : (
        <div className="topo-split">
          <TopologyPicture
            nodes={nodes}
            links={links}
            chosen={chosen}
            expanded={expanded}
            onChoose={(key) => set('node', key)}
            onFold={fold}
          />
          {chosenNode && <NodeSide node={chosenNode} onClose={() => set('node', null)} />}
        </div>
      )}
    </>
  );
}
