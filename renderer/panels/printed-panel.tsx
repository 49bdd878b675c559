import { useMemo } from 'react';
import type { CopyScope } from '#shared/domain/dashboard/expand.ts';
import { isAsking, type Panel } from '#shared/domain/dashboard/panels.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { ErrorNotice } from '../components/error-notice.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import { useBoard } from './board-context.ts';
import { isOnPanel } from './board-marks.ts';
import { PanelBody } from './panel-body.tsx';
import { filler, panelTime } from './panel-questions.ts';
import { seriesOf, type TargetAnswer } from './panel-series.ts';
import type { PanelData } from './panel-types.ts';
import { PrintedFigures } from './printed-figures.tsx';

export type PrintedPanelProps = {
  readonly panel: Panel;
  readonly copyOf: CopyScope;
  readonly answers: readonly TargetAnswer[];
};

/** Kinds whose picture says nothing that their table does not. */
const ONLY_FIGURES: ReadonlySet<Panel['kind']> = new Set(['table', 'stat', 'bar', 'gauge']);

/** A panel on paper: complete at its first drawing, with its figures below the picture. */
export function PrintedPanel({ panel, copyOf, answers }: PrintedPanelProps) {
  const { t } = useTranslation();
  const board = useBoard();
  const { scope, look } = board;
  const fill = useMemo(() => filler(scope, copyOf), [scope, copyOf]);
  const title = fill(localize(panel.title, look.language)) || t(`dashboards:kind.${panel.kind}`);
  const data = useMemo((): PanelData => {
    const time = isAsking(panel) ? panelTime(panel, scope) : scope;
    return {
      ...board,
      marks: board.marks.filter((mark) => isOnPanel(mark, panel.id)),
      start: time.start,
      end: time.end,
      answers,
      series: isAsking(panel) ? seriesOf(panel, answers, fill) : [],
      fill,
      alive: true,
      title,
    };
  }, [board, panel, scope, answers, fill, title]);
  const failed = answers.find(({ error }) => error !== null);
  const empty = isAsking(panel) && data.series.length === 0;
  return (
    <section className="printed-panel" data-kind={panel.kind}>
      <h3>{title}</h3>
      {failed?.error && <ErrorNotice error={failed.error} />}
      {empty ? (
        failed === undefined && <p className="soft">{t('dashboards:panel.empty')}</p>
      ) : (
        <>
          {!ONLY_FIGURES.has(panel.kind) && (
            <div className="printed-picture">
              <PanelBody panel={panel} data={data} />
            </div>
          )}
          {isAsking(panel) && <PrintedFigures panel={panel} data={data} />}
        </>
      )}
    </section>
  );
}
