import { useCallback, useMemo, useRef, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { ShownPanel } from '#shared/domain/dashboard/expand.ts';
import { useChartActions } from '../../charts/use-chart-actions.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { BoardContext } from '../../panels/board-context.ts';
import { PanelCard } from '../../panels/panel-card.tsx';
import { useHeldRange } from '../metrics/use-held-range.ts';
import { BoardHead } from './board-head.tsx';
import { BoardRows } from './board-rows.tsx';
import { EditBoard } from './edit/edit-board.tsx';
import { PanelEditor } from './edit/panel-editor.tsx';
import { useBoardParts } from './use-board.ts';
import { useBoardKeys } from './use-board-keys.ts';
import { useBoardParams } from './use-board-params.ts';
import { useDraft } from './use-draft.ts';
import { useLeaveGuard } from './use-leave-guard.tsx';
import { VariablesBar } from './variables-bar.tsx';

export type BoardPageProps = {
  readonly found: RequestOutput<'dashboards.get'>;
  readonly onReload: () => void;
};

/** A dashboard: its variables, its panels, and, while it is edited, what changes them. */
export function BoardPage({ found, onReload }: BoardPageProps) {
  const { t } = useTranslation();
  const params = useBoardParams();
  const draft = useDraft(found.dashboard);
  const time = useHeldRange();
  const chartTime = useChartActions();
  const { editing } = params;
  const dashboard = editing ? draft.dashboard : found.dashboard;
  const actions = useMemo(() => ({ ...chartTime.actions, onHold: time.onHold }), [chartTime, time.onHold]);
  const { start, end } = time.range;
  const parts = useBoardParts({
    dashboard,
    scrapeMs: found.scrapeIntervalMs,
    chosen: params.chosen,
    start,
    end,
    switched: params.switched,
    actions,
    editing,
  });
  const { board, expanded } = parts;
  const [announced, setAnnounced] = useState('');
  const announce = useCallback((text: string) => setAnnounced(text), []);
  const guard = useLeaveGuard(editing && draft.dirty);
  useBoardKeys(params, draft, found.summary.builtIn);
  const all = expanded.rows.flatMap(({ panels }) => panels);
  const full = params.full === null ? undefined : all.find(({ key }) => key === params.full);
  const edited = editing && params.panel !== null ? params.panel : null;
  return (
    <div className="page board-page" data-editing={editing}>
      <BoardHead
        found={found}
        draft={draft}
        params={params}
        dashboard={dashboard}
        chartTime={chartTime}
        held={time.held}
        guard={guard}
        onReload={onReload}
      />
      <VariablesBar
        variables={dashboard.variables}
        resolved={parts.resolved}
        chosen={params.chosen}
        onChoose={params.choose}
      />
      {parts.variables.error && (
        <ErrorNotice error={parts.variables.error} onRetry={parts.variables.reload} />
      )}
      <div className="visually-hidden" role="status" aria-live="polite">
        {announced}
      </div>
      {board === null ? (
        <Skeleton rows={10} />
      ) : (
        <BoardContext.Provider value={board}>
          {edited !== null ? (
            <PanelEditor id={edited} draft={draft} onClose={() => params.setPanel(null)} />
          ) : full !== undefined ? (
            <div className="board-full">
              <Shown shown={full} alone onFull={params.setFull} />
            </div>
          ) : editing ? (
            <EditBoard rows={expanded.rows} draft={draft} params={params} announce={announce} />
          ) : all.length === 0 ? (
            <EmptyState title={t('dashboards:board.empty')} body={t('dashboards:board.emptyBody')} />
          ) : (
            <BoardRows rows={expanded.rows} turned={params.turned} onTurn={params.turn}>
              {(shown) => <Shown key={shown.key} shown={shown} onFull={params.setFull} />}
            </BoardRows>
          )}
          {expanded.omitted > 0 && (
            <p className="badge state-warning" role="status">
              {t('dashboards:board.copiesOmitted', { count: expanded.omitted })}
            </p>
          )}
        </BoardContext.Provider>
      )}
      {guard.dialog}
    </div>
  );
}

type ShownProps = {
  readonly shown: ShownPanel;
  readonly alone?: boolean;
  readonly onFull: (key: string | null) => void;
};

/** One panel in its place; what it is told stays the same while the page is drawn anew. */
function Shown({ shown, alone = false, onFull }: ShownProps) {
  const { key } = shown;
  const latest = useRef(onFull);
  latest.current = onFull;
  const toggle = useCallback(() => latest.current(alone ? null : key), [alone, key]);
  // Copies are made anew with every move of the time; what they stand for is what counts.
  const copyKey = JSON.stringify(shown.copyOf);
  const copyOf = useMemo(() => JSON.parse(copyKey) as ShownPanel['copyOf'], [copyKey]);
  return <PanelCard panel={shown.panel} copyOf={copyOf} onFull={toggle} alone={alone} />;
}
