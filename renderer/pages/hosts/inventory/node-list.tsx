import type { TopologyNode } from '#shared/contract/inventory.ts';
import { PageLink } from '../../../components/page-link.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { compareNodes, keyOf } from '../topology/layout.ts';

/** Nodes under a sentence that says what they have in common, worst first, each leading to its place in the picture. */
export function NodeList({
  nodes,
  title,
}: {
  readonly nodes: readonly TopologyNode[];
  readonly title: string;
}) {
  return (
    <div>
      <p className="soft">{title}</p>
      {nodes.length > 0 && (
        <ul className="node-list">
          {nodes.toSorted(compareNodes).map((node) => (
            <li key={keyOf(node.node)}>
              <StateBadge state={node.state} word="" />
              <PageLink to={`/hosts/topology?node=${encodeURIComponent(keyOf(node.node))}`}>
                {node.name}
              </PageLink>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
