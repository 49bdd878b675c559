import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ListedPoint } from '#shared/contract/backup.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { StateBadge, StateShape } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { pointPath } from '../use-backups.ts';
import { ChainDetails } from './chain-details.tsx';
import { type ChainNode, type ChainPicture, HEIGHT, layoutChain, rowOf, TICK_Y } from './chain-layout.ts';
import { chainStates, shapeOfState } from './chain-state.ts';
import './chain.css';

/** Points drawn at once; more are asked for. */
const SHOWN = 200;
const types = ['full', 'differential', 'incremental'] as const;

type ChainViewProps = {
  readonly plan: string;
  /** The latest first. */
  readonly points: readonly ListedPoint[];
};

/** The points of a plan with what they build on, each with its state; the table below says the same in words. */
export function ChainView({ plan, points }: ChainViewProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(SHOWN);
  const picture = useMemo(() => layoutChain(points.slice(0, shown)), [points, shown]);
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const selected = points.find(({ id }) => id === selectedId) ?? points[0];
  if (selected === undefined) return null;
  return (
    <Panel
      title={t('plans:chain.title')}
      extra={
        <span className="row">
          {points.length > shown && (
            <>
              <span className="soft small">{t('plans:chain.more', { shown, total: points.length })}</span>
              <Button kind="quiet" onClick={() => setShown(shown + SHOWN)}>
                {t('plans:chain.older')}
              </Button>
            </>
          )}
          <span className="soft small">{t('plans:chain.hint')}</span>
        </span>
      }
    >
      <div className="chain" data-testid="chain">
        <div className="chain-rows" aria-hidden="true" style={{ height: HEIGHT }}>
          {types.map((type) => (
            <span key={type} className="soft small" style={{ top: rowOf(type) - 9 }}>
              {t(`plans:chain.row.${type}`)}
            </span>
          ))}
        </div>
        <Drawing
          label={t('plans:chain.label', { plan, points: picture.nodes.length })}
          picture={picture}
          selected={selected.id}
          onSelect={setSelectedId}
        />
      </div>
      <ul className="chain-legend small" aria-label={t('plans:chain.legend')}>
        {chainStates.toReversed().map((state) => (
          <li key={state}>
            <StateBadge state={shapeOfState[state]} word={t(`plans:chain.state.${state}`)} />
          </li>
        ))}
      </ul>
      <ChainDetails point={selected} points={points} />
    </Panel>
  );
}

type DrawingProps = {
  readonly label: string;
  readonly picture: ChainPicture;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
};

function Drawing({ label, picture, selected, onSelect }: DrawingProps) {
  const navigate = useNavigate();
  const scroller = useRef<HTMLFieldSetElement>(null);
  const { width, nodes, links, ticks } = picture;
  // The latest points are what is looked for first.
  useEffect(() => {
    if (scroller.current) scroller.current.scrollLeft = width;
  }, [width]);
  const move = (event: KeyboardEvent, index: number): void => {
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: nodes.length - 1 }[event.key];
    const id = to === undefined ? undefined : nodes[to]?.point.id;
    if (event.key === 'Enter') {
      event.preventDefault();
      void navigate(pointPath(nodes[index]?.point.id ?? selected));
    }
    if (id === undefined) return;
    event.preventDefault();
    onSelect(id);
    scroller.current?.querySelector<HTMLElement>(`[data-point="${id}"]`)?.focus();
  };
  return (
    <fieldset className="chain-scroll" ref={scroller} aria-label={label}>
      <div className="chain-canvas" style={{ width, height: HEIGHT }}>
        <svg width={width} height={HEIGHT} aria-hidden="true">
          {types.map((type) => (
            <line key={type} className="chain-row" x1={0} x2={width} y1={rowOf(type)} y2={rowOf(type)} />
          ))}
          {links.map(({ id, path, isBroken }) => (
            <path key={id} className={isBroken ? 'chain-link chain-link-broken' : 'chain-link'} d={path} />
          ))}
          {ticks.map(({ x, at, isNewDay }) => (
            <text key={x} className="chain-tick" x={x} y={TICK_Y}>
              {isNewDay ? absoluteText(at).slice(0, 10) : absoluteText(at).slice(11, 16)}
            </text>
          ))}
        </svg>
        {nodes.map((node, index) => (
          <PointMark
            key={node.point.id}
            node={node}
            isSelected={node.point.id === selected}
            onSelect={() => onSelect(node.point.id)}
            onKey={(event) => move(event, index)}
          />
        ))}
      </div>
    </fieldset>
  );
}

type PointMarkProps = {
  readonly node: ChainNode;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
};

function PointMark({ node, isSelected, onSelect, onKey }: PointMarkProps) {
  const { t } = useTranslation();
  const { point, state, x, y } = node;
  const words = [
    absoluteText(point.startedAt),
    t(`backups:type.${point.type}`),
    t(`plans:chain.state.${state}`),
  ].join(' · ');
  return (
    <button
      type="button"
      className={`chain-point state-${shapeOfState[state]}`}
      style={{ left: x, top: y }}
      aria-label={words}
      title={words}
      aria-pressed={isSelected}
      tabIndex={isSelected ? 0 : -1}
      data-point={point.id}
      data-state={state}
      onClick={onSelect}
      onKeyDown={onKey}
    >
      <StateShape state={shapeOfState[state]} size={14} />
    </button>
  );
}
