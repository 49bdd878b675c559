import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { CopyScope } from '#shared/domain/dashboard/expand.ts';
import { isAsking, type Panel } from '#shared/domain/dashboard/panels.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { Icon } from '../components/icon.tsx';
import { Menu } from '../components/menu.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import { useBoard } from './board-context.ts';
import { isOnPanel } from './board-marks.ts';
import { explorerAddress } from './explorer-address.ts';
import { PanelInspect } from './panel-inspect.tsx';
import { PanelLinks } from './panel-links.tsx';
import { filler, panelQuestions, panelTime } from './panel-questions.ts';
import { seriesOf, type TargetAnswer } from './panel-series.ts';
import { PanelState } from './panel-state.tsx';
import type { PanelData } from './panel-types.ts';
import { useInView } from './use-in-view.ts';
import { usePanelAnswers } from './use-panel-answers.ts';

/** Kinds that never scroll, or have a part that scrolls and takes the keyboard itself. */
const OWN_KEYS: ReadonlySet<Panel['kind']> = new Set(['timeseries', 'heatmap', 'table']);

export type PanelCardProps = {
  readonly panel: Panel;
  readonly copyOf: CopyScope;
  /** Stands before the title: the handle that moves it. */
  readonly handle?: ReactNode;
  /** More things to do, e.g. edit and remove. */
  readonly more?: ReactNode;
  /** Shows the panel alone, or all again when it is alone already. */
  readonly onFull?: () => void;
  readonly alone?: boolean;
};

/** A panel with its head, its menu and what it shows. */
export const PanelCard = memo(function PanelCard(props: PanelCardProps) {
  const { panel, copyOf, handle, more, onFull, alone = false } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const board = useBoard();
  const place = useRef<HTMLElement>(null);
  const seen = useInView(place);
  const alive = seen || !board.lazy;
  const [asTable, setAsTable] = useState(false);
  const [inspected, setInspected] = useState(false);
  const { scope, look } = board;
  const asking = isAsking(panel);
  const questions = useMemo(
    () => (isAsking(panel) ? panelQuestions(panel, copyOf, scope) : []),
    [panel, copyOf, scope],
  );
  const fill = useMemo(() => filler(scope, copyOf), [scope, copyOf]);
  const subject = useMemo(() => JSON.stringify([[...scope.values.values()], copyOf]), [scope.values, copyOf]);
  const { answers, again } = usePanelAnswers(questions, alive, subject);
  const { onAnswer } = board;
  useEffect(() => {
    const times = answers.flatMap(({ at }) => (at === null ? [] : [at]));
    onAnswer?.(`${panel.id} ${subject}`, alive && times.length > 0 ? Math.min(...times) : null);
  }, [onAnswer, answers, panel.id, subject, alive]);
  const series = useMemo(
    () => (isAsking(panel) ? seriesOf(panel, answers, fill) : []),
    [panel, answers, fill],
  );
  const title = fill(localize(panel.title, look.language)) || t(`dashboards:kind.${panel.kind}`);
  const hint = localize(panel.description, look.language);
  const data = useMemo((): PanelData => {
    const time = asking ? panelTime(panel, scope) : scope;
    return {
      start: time.start,
      end: time.end,
      answers,
      series,
      gaps: board.gaps,
      marks: board.marks.filter((mark) => isOnPanel(mark, panel.id)),
      actions: board.actions,
      look,
      fill,
      alive,
      title,
    };
  }, [asking, panel, scope, answers, series, board, look, fill, alive, title]);
  const explorer = asking ? explorerAddress(questions) : null;
  return (
    <section
      ref={place}
      className="board-panel"
      aria-label={title}
      data-panel={panel.id}
      data-kind={panel.kind}
      data-answered={answeredAt(answers)}
    >
      <header className="board-panel-head">
        {handle}
        <h2 className="ellipsis" title={hint === '' ? title : `${title}\n${hint}`}>
          {localize(panel.title, look.language) === '' && !handle ? (
            <span className="visually-hidden">{title}</span>
          ) : (
            title
          )}
        </h2>
        <span className="spacer" />
        <div className="board-panel-tools">
          <Menu label={t('dashboards:panel.menu', { title })} face={<Icon name="tune" size={14} />}>
            {onFull && (
              <button type="button" onClick={onFull}>
                {alone ? t('dashboards:panel.small') : t('dashboards:panel.full')}
              </button>
            )}
            {asking && panel.kind !== 'table' && (
              <button type="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
                {asTable ? t('dashboards:panel.asPicture') : t('dashboards:panel.asTable')}
              </button>
            )}
            {asking && (
              <button type="button" onClick={() => setInspected(true)}>
                {t('dashboards:panel.inspect')}
              </button>
            )}
            {explorer !== null && (
              <button type="button" onClick={() => void navigate(explorer)}>
                {t('dashboards:panel.explore')}
              </button>
            )}
            <PanelLinks links={panel.links} fill={fill} />
            {more}
          </Menu>
        </div>
      </header>
      {/* What scrolls must be reachable by keyboard. */}
      <div
        className="board-panel-body"
        {...(OWN_KEYS.has(panel.kind) ? {} : { tabIndex: 0, role: 'group', 'aria-label': title })}
      >
        <PanelState
          panel={panel}
          data={data}
          asTable={asTable}
          onRetry={again}
          onInspect={() => setInspected(true)}
        />
      </div>
      {inspected && <PanelInspect data={data} onClose={() => setInspected(false)} />}
    </section>
  );
});

/** When the newest answer came, for whoever measures; undefined before the first. */
function answeredAt(answers: readonly TargetAnswer[]): number | undefined {
  const times = answers.flatMap(({ at }) => (at === null ? [] : [at]));
  return times.length === 0 ? undefined : Math.max(...times);
}
