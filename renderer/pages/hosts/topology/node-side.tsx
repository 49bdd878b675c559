import type { TopologyNode } from '#shared/contract/inventory.ts';
import { Button } from '../../../components/button.tsx';
import { RelativeTime } from '../../../components/figures.tsx';
import { Icon } from '../../../components/icon.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { NodeList } from '../inventory/node-list.tsx';
import { HostWays } from './host-ways.tsx';
import { keyOf } from './layout.ts';

/** What is known of the chosen node, and the ways on from it, on the page's time axis. */
export function NodeSide({ node, onClose }: { readonly node: TopologyNode; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const request = useRequest('inventory.node', { node: node.node }, { subject: keyOf(node.node) });
  useEvent('inventory.changed', request.reload);
  useEvent('hosts.changed', request.reload);
  const hostId = node.node.kind === 'host' ? node.node.id : node.hostId;
  return (
    <aside className="panel topo-side stack tight" aria-label={node.name} data-testid="topology-side">
      <div className="panel-head">
        <h2>{node.name}</h2>
        <Button kind="quiet" aria-label={t('common:action.close')} onClick={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      <p>
        <StateBadge state={node.state} /> <RelativeTime time={node.since} />
      </p>
      {node.causes.length > 0 && (
        <p>
          {t('inventory:cutOff', { names: node.causes.map(({ name }) => name).join(t('inventory:comma')) })}
        </p>
      )}
      {hostId !== null && <HostWays hostId={hostId} />}
      <RequestView request={request} rows={4}>
        {({ card, component, components, links, behind, affected }) => (
          <>
            <dl className="card-facts">
              <dt>{t('inventory:kindField')}</dt>
              <dd>{t(`inventory:kind.${node.kind}`)}</dd>
              <dt>{t('inventory:owner')}</dt>
              <dd>{(card ?? component)?.owner || t('inventory:notGiven')}</dd>
              <dt>{t('inventory:contact')}</dt>
              <dd>{(card ?? component)?.contact || t('inventory:notGiven')}</dd>
              <dt>{t('inventory:links')}</dt>
              <dd className="figure">{links.length}</dd>
              {components.length > 0 && (
                <>
                  <dt>{t('inventory:components')}</dt>
                  <dd>{components.map(({ name }) => name).join(t('inventory:comma'))}</dd>
                </>
              )}
            </dl>
            <NodeList
              nodes={behind}
              title={
                behind.length === 0
                  ? t('inventory:behindNone')
                  : t('inventory:behindSome', { count: behind.length })
              }
            />
            {affected.length > 0 && (
              <NodeList nodes={affected} title={t('inventory:affected', { count: affected.length })} />
            )}
          </>
        )}
      </RequestView>
    </aside>
  );
}
