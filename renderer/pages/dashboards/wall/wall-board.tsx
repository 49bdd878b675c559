import { type CSSProperties, useMemo } from 'react';
import type { ChosenValues } from '#shared/contract/dashboards.ts';
import type { RequestOutput } from '#shared/contract/index.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import type { ChartActions } from '../../../charts/time-chart.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { useTimeRange } from '../../../components/use-time-range.ts';
import { BoardContext } from '../../../panels/board-context.ts';
import { PanelCard } from '../../../panels/panel-card.tsx';
import { BoardRows } from '../board-rows.tsx';
import { useBoardParts } from '../use-board.ts';

export type WallBoardProps = {
  readonly found: RequestOutput<'dashboards.get'>;
  readonly chosen: ChosenValues;
  readonly onAnswer: (panel: string, at: number | null) => void;
};

const NOTHING_SWITCHED: ReadonlySet<number> = new Set();
const NOTHING_TURNED: ReadonlySet<string> = new Set();

/** Nobody zooms a wall. */
const STILL: ChartActions = { onZoom: () => {} };

/** One dashboard, as large as it can be read from across the room. */
export function WallBoard({ found, chosen, onAnswer }: WallBoardProps) {
  const { dashboard } = found;
  const range = useTimeRange();
  const { board, expanded } = useBoardParts({
    dashboard,
    scrapeMs: found.scrapeIntervalMs,
    chosen,
    start: range.start,
    end: range.end,
    switched: NOTHING_SWITCHED,
    actions: STILL,
    editing: false,
  });
  const shown = useMemo(() => (board === null ? null : { ...board, onAnswer }), [board, onAnswer]);
  if (shown === null) return <Skeleton rows={12} />;
  return (
    <BoardContext.Provider value={shown}>
      <div className="wall-board" style={{ '--rows': 1 } as CSSProperties}>
        <h1>{localize(dashboard.title, shown.look.language)}</h1>
        <BoardRows rows={expanded.rows} turned={NOTHING_TURNED} onTurn={() => {}}>
          {({ key, panel, copyOf }) => <PanelCard key={key} panel={panel} copyOf={copyOf} />}
        </BoardRows>
      </div>
    </BoardContext.Provider>
  );
}
