import type * as z from 'zod';
import type { linkSchema } from '#shared/domain/dashboard/field.ts';
import type { Node } from './node.ts';

type LinkInput = z.input<typeof linkSchema>;

/** Where an address of Grafana leads here: a dashboard, or an address of the world that is shown to be copied. */
function target(url: string): LinkInput['to'] {
  const dashboard = /^(?:https?:\/\/[^/]+)?\/?(?:grafana\/)?d\/([A-Za-z0-9_-]{1,80})(?:[/?#]|$)/.exec(url);
  return dashboard?.[1] === undefined ? { kind: 'url', url } : { kind: 'dashboard', uid: dashboard[1] };
}

/** A link of a panel or of a value. */
export function panelLink(node: Node): LinkInput | null {
  const title = node.text('title', 300);
  const url = node.text('url', 4000);
  node.skip('targetBlank', 'type', 'oneClick');
  const own = {
    title,
    keepTime: node.flag('keepTime') || url.includes('__url_time_range'),
    keepVariables: node.flag('includeVars') || url.includes('__all_variables'),
  };
  node.listRest();
  return url === '' ? null : { ...own, to: target(url) };
}

/** A link of the dashboard. */
export function dashboardLink(node: Node): LinkInput | null {
  const kind = node.text('type', 20);
  const own = {
    title: node.text('title', 300),
    keepTime: node.flag('keepTime'),
    keepVariables: node.flag('includeVars'),
  };
  const url = node.text('url', 4000);
  const tags = node.texts('tags', 100).slice(0, 20);
  node.skip('asDropdown', 'icon', 'targetBlank', 'tooltip', 'placement');
  node.listRest();
  if (kind === 'dashboards') return { ...own, to: { kind: 'tags', tags: [...tags] } };
  return url === '' ? null : { ...own, to: target(url) };
}

/** All links of a list. */
export function linksAt(node: Node, key: string, read: (link: Node) => LinkInput | null): LinkInput[] {
  return node.children(key, 20).flatMap((each) => {
    const link = read(each);
    return link === null ? [] : [link];
  });
}
