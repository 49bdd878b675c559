import { useState } from 'react';
import type { Host, Target } from '#shared/contract/hosts.ts';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { Component, InventoryLink, NodeRef, TopologyNode } from '#shared/contract/inventory.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { keyOf } from '../topology/layout.ts';
import { CardForm } from './card-form.tsx';
import { ComponentForm } from './component-form.tsx';
import { fieldName } from './field-name.ts';
import { LinkForm } from './link-form.tsx';
import { useMaintenanceChoices } from './maintenance-field.tsx';
import { NodeList } from './node-list.tsx';

type Node = RequestOutput<'inventory.node'>;

type Editing =
  | { readonly what: 'card' }
  | { readonly what: 'component'; readonly component: Component | null }
  | { readonly what: 'link'; readonly link: InventoryLink | null };

/** What people know of a host: owner, contact, components, links; what is behind it; and forms that change it. */
export function InventoryPanel({
  host,
  targets,
}: {
  readonly host: Host;
  readonly targets: readonly Target[];
}) {
  const { t } = useTranslation();
  const node: NodeRef = { kind: 'host', id: host.id };
  const request = useRequest('inventory.node', { node }, { subject: host.id });
  const topology = useRequest('inventory.topology', {});
  useEvent('inventory.changed', () => {
    request.reload();
    topology.reload();
  });
  const [editing, setEditing] = useState<Editing | null>(null);
  const close = (): void => setEditing(null);
  const nodes = topology.data?.nodes ?? [];
  return (
    <Panel
      title={t('inventory:panel')}
      extra={
        <span className="row">
          <PageLink to={`/hosts/topology?node=${encodeURIComponent(keyOf(node))}`}>
            {t('inventory:topology')}
          </PageLink>
          <Button onClick={() => setEditing({ what: 'card' })}>{t('inventory:edit')}</Button>
        </span>
      }
    >
      <RequestView request={request} rows={4}>
        {(data) => (
          <div className="stack tight" data-testid="inventory-panel">
            <Card data={data} />
            <Components data={data} onEdit={(component) => setEditing({ what: 'component', component })} />
            <Links data={data} nodes={nodes} onEdit={(link) => setEditing({ what: 'link', link })} />
            <NodeList
              nodes={data.behind}
              title={
                data.behind.length === 0
                  ? t('inventory:behindNone')
                  : t('inventory:behindSome', { count: data.behind.length })
              }
            />
            {data.affected.length > 0 && (
              <NodeList
                nodes={data.affected}
                title={t('inventory:affected', { count: data.affected.length })}
              />
            )}
            <History id={host.id} />
            {editing?.what === 'card' && data.card && <CardForm card={data.card} onClose={close} />}
            {editing?.what === 'component' && (
              <ComponentForm
                component={editing.component}
                hostId={host.id}
                tier={host.tier}
                targets={targets}
                onClose={close}
              />
            )}
            {editing?.what === 'link' && (
              <LinkForm link={editing.link} from={node} nodes={nodes} onClose={close} />
            )}
          </div>
        )}
      </RequestView>
    </Panel>
  );
}

function Card({ data: { card } }: { readonly data: Node }) {
  const { t } = useTranslation();
  const entry = useMaintenanceChoices()?.find(({ id }) => id === card?.maintenance);
  if (!card) return null;
  const facts = [
    [t('inventory:kindField'), t(`inventory:kind.${card.kind}`)],
    [t('inventory:owner'), card.owner],
    [t('inventory:contact'), card.contact],
    [t('inventory:classification'), card.classification],
    [t('inventory:maintenance'), entry?.name ?? card.maintenance ?? ''],
    [t('inventory:note'), card.note],
  ] as const;
  return (
    <dl className="card-facts">
      {facts
        .filter(([, value], index) => index < 3 || value !== '')
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="breakable">{value || <span className="soft">{t('inventory:notGiven')}</span>}</dd>
          </div>
        ))}
    </dl>
  );
}

function Components({
  data: { components },
  onEdit,
}: {
  readonly data: Node;
  readonly onEdit: (component: Component | null) => void;
}) {
  const { t } = useTranslation();
  const { error, remove } = useRemoval();
  return (
    <section aria-label={t('inventory:components')}>
      <div className="panel-head">
        <h3>{t('inventory:components')}</h3>
        <Button onClick={() => onEdit(null)}>{t('inventory:addComponent')}</Button>
      </div>
      {error && <ErrorNotice error={error} />}
      {components.length === 0 ? (
        <p className="soft">{t('inventory:noComponents')}</p>
      ) : (
        <ul className="node-list">
          {components.map((component) => (
            <li key={component.id}>
              {component.name} <span className="soft">{t(`inventory:kind.${component.kind}`)}</span>{' '}
              <Button kind="quiet" onClick={() => onEdit(component)}>
                {t('inventory:edit')}
              </Button>
              <Button
                kind="quiet"
                aria-label={t('inventory:removeComponent', { name: component.name })}
                onClick={() => remove('inventory.component.remove', component)}
              >
                {t('inventory:remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Links({
  data: { links },
  nodes,
  onEdit,
}: {
  readonly data: Node;
  readonly nodes: readonly TopologyNode[];
  readonly onEdit: (link: InventoryLink | null) => void;
}) {
  const { t } = useTranslation();
  const { error, remove } = useRemoval();
  const name = (node: NodeRef): string =>
    nodes.find((one) => keyOf(one.node) === keyOf(node))?.name ?? node.id;
  return (
    <section aria-label={t('inventory:links')}>
      <div className="panel-head">
        <h3>{t('inventory:links')}</h3>
        <Button onClick={() => onEdit(null)}>{t('inventory:addLink')}</Button>
      </div>
      {error && <ErrorNotice error={error} />}
      {links.length === 0 ? (
        <p className="soft">{t('inventory:noLinks')}</p>
      ) : (
        <div className="table-wide">
          <table className="plain-table wide" data-testid="inventory-links">
            <thead>
              <tr>
                <th scope="col">{t('inventory:linkFrom')}</th>
                <th scope="col">{t('inventory:dependence')}</th>
                <th scope="col">{t('inventory:linkTo')}</th>
                <th scope="col">{t('inventory:protocol')}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {links.slice(0, MOST_LINKS).map((link) => (
                <tr key={link.id}>
                  <td>{name(link.from)}</td>
                  <td>{t(`inventory:depends.${link.dependsOn}`)}</td>
                  <td>{name(link.to)}</td>
                  <td>{link.protocol || '—'}</td>
                  <td className="right">
                    <Button kind="quiet" onClick={() => onEdit(link)}>
                      {t('inventory:edit')}
                    </Button>
                    <Button
                      kind="quiet"
                      aria-label={t('inventory:removeLink', { from: name(link.from), to: name(link.to) })}
                      onClick={() => remove('inventory.link.remove', link)}
                    >
                      {t('inventory:remove')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {links.length > MOST_LINKS && (
            <p className="soft">{t('inventory:showing', { shown: MOST_LINKS, total: links.length })}</p>
          )}
        </div>
      )}
    </section>
  );
}

/** A switch has hundreds; the picture shows them all. */
const MOST_LINKS = 10;

/** Removes an entry; what comes of it is told by the event, a refusal stays where it arose. */
function useRemoval() {
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const remove = (
    name: 'inventory.component.remove' | 'inventory.link.remove',
    { id, version }: { readonly id: string; readonly version: number },
  ): void => void call(name, { id, version }).then((result) => setError(result.ok ? null : result.error));
  return { error, remove };
}

function History({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const request = useRequest('inventory.history', { id, limit: 50 }, { enabled: open });
  useEvent('inventory.changed', request.reload);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('inventory:history')}</summary>
      {open && (
        <RequestView request={request} rows={3}>
          {({ changes }) =>
            changes.length === 0 ? (
              <p className="soft">{t('inventory:noHistory')}</p>
            ) : (
              <ul className="plain-list">
                {changes.map((change) => (
                  <li key={`${change.at} ${change.action} ${JSON.stringify(change.fields)}`}>
                    <span className="figure">{absoluteText(change.at)}</span>{' '}
                    {t(`inventory:action.${change.action}`)}{' '}
                    {change.fields
                      .map(({ field, before, after }) =>
                        t('inventory:change', {
                          field: fieldName(t, field),
                          before: shown(before),
                          after: shown(after),
                        }),
                      )
                      .join(t('inventory:semicolon'))}
                  </li>
                ))}
              </ul>
            )
          }
        </RequestView>
      )}
    </details>
  );
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value || '""' : JSON.stringify(value);
}
