import { type KeyboardEvent, memo, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { TopologyLink, TopologyNode } from '#shared/contract/inventory.ts';
import { Button } from '../../../components/button.tsx';
import { StateShape } from '../../../components/state-badge.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import {
  type Layout,
  layoutTopology,
  NODE,
  namePieces,
  neighbour,
  type PlacedLink,
  type RowTier,
} from './layout.ts';
import { usePanZoom } from './use-pan-zoom.ts';

const DIRECTIONS = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const;
/** With more lines than this, or when a node is chosen, only those of that node say by which protocol they are. */
const MOST_LABELS = 40;

/** The site as a picture: tiers as rows, worst first, links between; pan, zoom and arrow keys. */
export function TopologyPicture({
  nodes,
  links,
  chosen,
  expanded,
  onChoose,
  onFold,
}: {
  readonly nodes: readonly TopologyNode[];
  readonly links: readonly TopologyLink[];
  readonly chosen: string | null;
  readonly expanded: ReadonlySet<RowTier>;
  readonly onChoose: (key: string | null) => void;
  readonly onFold: (tier: RowTier) => void;
}) {
  const { t } = useTranslation();
  const frame = useRef<HTMLElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const [aspect, setAspect] = useState(2);
  const layout = useMemo(
    () => layoutTopology(nodes, links, expanded, aspect),
    [nodes, links, expanded, aspect],
  );
  const { showAll, zoom, reveal } = usePanZoom(frame, sheet, layout);
  const [focused, setFocused] = useState<string | null>(null);
  const first = layout.nodes[0]?.key ?? null;
  const reachable = layout.nodes.some(({ key }) => key === focused) ? focused : first;

  // The sheet is fitted when it changes its size, not when a state changes: a picture that jumps cannot be read.
  const shape = `${layout.width} ${layout.height}`;
  useLayoutEffect(() => {
    const box = frame.current?.getBoundingClientRect();
    if (box && box.height > 0) setAspect(Math.round((box.width / box.height) * 10) / 10);
    if (shape !== '') showAll();
  }, [shape, showAll]);

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === '+' || event.key === '=') zoom(1.25);
    else if (event.key === '-') zoom(0.8);
    else if (event.key === '0') showAll();
    else if (event.key === 'Escape' && chosen !== null) onChoose(null);
    else if (event.key in DIRECTIONS) {
      const from = layout.nodes.find(({ key }) => key === reachable);
      if (!from) return;
      const to = neighbour(layout.nodes, from, DIRECTIONS[event.key as keyof typeof DIRECTIONS]);
      setFocused(to.key);
      reveal({ ...to, ...{ width: NODE.width, height: NODE.height } });
      sheet.current
        ?.querySelector<HTMLElement>(`[data-node="${CSS.escape(to.key)}"]`)
        ?.focus({ preventScroll: true });
    } else return;
    event.preventDefault();
  };

  return (
    <div className="topo">
      <div className="topo-tools">
        <Button aria-label={t('inventory:zoomIn')} onClick={() => zoom(1.25)}>
          +
        </Button>
        <Button aria-label={t('inventory:zoomOut')} onClick={() => zoom(0.8)}>
          −
        </Button>
        <Button onClick={showAll}>{t('inventory:fit')}</Button>
      </div>
      <section
        ref={frame}
        className="topo-frame"
        aria-label={t('inventory:picture')}
        aria-description={t('inventory:pictureHint')}
        onKeyDown={onKey}
        data-testid="topology"
      >
        <div ref={sheet} className="topo-sheet" style={{ width: layout.width, height: layout.height }}>
          {layout.tiers.map(({ tier, y, height, total }) => (
            <div key={tier} className="topo-tier" style={{ top: y, height, width: layout.width + 24 }}>
              <span>
                {t(`inventory:tier.${tier}`)} <span className="soft figure">{total}</span>
              </span>
            </div>
          ))}
          <Lines layout={layout} chosen={chosen} />
          {layout.nodes.map(({ node, key, x, y }) => (
            <button
              key={key}
              type="button"
              className={`topo-node topo-${node.state}${node.node.kind === 'component' ? ' topo-component' : ''}`}
              style={{ left: x, top: y, width: NODE.width, height: NODE.height }}
              tabIndex={key === reachable ? 0 : -1}
              aria-pressed={key === chosen}
              aria-label={t('inventory:nodeLabel', {
                name: node.name,
                kind: t(`inventory:kind.${node.kind}`),
                state: t(`common:state.${node.state}`),
              })}
              data-node={key}
              onFocus={() => setFocused(key)}
              onClick={() => onChoose(key === chosen ? null : key)}
            >
              <span className={`state-${node.state}`}>
                <StateShape state={node.state} />
              </span>
              <NodeName name={node.name} />
              <span className="topo-sub soft">
                {node.behind > 0
                  ? t('inventory:behindCount', { count: node.behind })
                  : t(`inventory:kind.${node.kind}`)}
              </span>
            </button>
          ))}
          {layout.folds.map(({ tier, count, x, y }) => (
            <button
              key={tier}
              type="button"
              className="topo-node topo-fold"
              style={{ left: x, top: y, width: NODE.width, height: NODE.height }}
              onClick={() => onFold(tier)}
            >
              {t('inventory:more', { count })}
            </button>
          ))}
        </div>
      </section>
    </div>
  );
}

const touches = ({ from, to }: PlacedLink, key: string | null): boolean => from === key || to === key;

/** The links, behind the nodes. Their table is the list of links of each node. */
const Lines = memo(function Lines({
  layout,
  chosen,
}: {
  readonly layout: Layout;
  readonly chosen: string | null;
}) {
  const { links, width, height } = layout;
  const touched = links.filter((link) => touches(link, chosen));
  const labelled = chosen === null && links.length <= MOST_LABELS ? links : touched;
  return (
    <svg
      className={`topo-links${chosen === null ? '' : ' topo-chosen'}`}
      width={width}
      height={height}
      aria-hidden="true"
    >
      {links.map((link) => (
        <path
          key={`${link.from} ${link.to} ${link.link.id}`}
          className={`topo-link topo-link-${link.link.state} topo-by-${link.link.dependsOn}${touches(link, chosen) ? ' topo-touched' : ''}`}
          d={curve(link)}
        />
      ))}
      {labelled.map((link) => (
        <text
          key={`${link.from} ${link.to} ${link.link.id}`}
          className="topo-link-text figure"
          // Nearer to where it begins: many links end at the same switch.
          x={(4 * link.x1 + link.x2) / 5}
          y={(4 * link.y1 + link.y2) / 5 + 4}
        >
          {labelOf(link)}
        </text>
      ))}
    </svg>
  );
});

/** A long name loses its middle: names of one site begin alike and differ at their end. */
function NodeName({ name }: { readonly name: string }) {
  const [head, tail] = namePieces(name);
  return (
    <span className="topo-name" title={name}>
      <span>{head}</span>
      {tail}
    </span>
  );
}

function labelOf({ link, count }: PlacedLink): string {
  const ms = link.ms === null ? '' : `${link.ms < 10 ? link.ms.toFixed(1) : Math.round(link.ms)} ms`;
  const times = count > 1 ? `×${count}` : '';
  return [link.protocol, times || ms].filter((part) => part !== '').join(' ');
}

function curve({ x1, y1, x2, y2 }: PlacedLink): string {
  const bend = Math.max(12, Math.abs(y2 - y1) / 2) * (y2 >= y1 ? 1 : -1);
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}
