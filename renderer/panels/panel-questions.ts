import type { CopyScope } from '#shared/domain/dashboard/expand.ts';
import { interpolateExpression, interpolateText } from '#shared/domain/dashboard/interpolate.ts';
import { type AskingPanel, GRID_COLUMNS, type Target } from '#shared/domain/dashboard/panels.ts';
import { parseDuration } from '#shared/units/duration.ts';
import { MOST_STEPS, niceStep, onGrid } from '../charts/steps.ts';
import type { RangeQuestion } from '../stores/query-board.ts';
import { type BoardScope, panelScope } from './panel-scope.ts';

/** Points of a panel that is as wide as the dashboard; a narrower one asks for fewer. */
const POINTS = 600;
const LEAST_POINTS = 100;

/** Series of one answer; the chart says how many more there are. */
const PANEL_SERIES = 500;

/** What one target asks. */
export type TargetQuestion = RangeQuestion & { readonly target: Target };

/** The time that a panel shows: its own span and shift, else the dashboard's. */
export function panelTime(
  panel: Pick<AskingPanel, 'span' | 'shift'>,
  board: Pick<BoardScope, 'start' | 'end'>,
): { readonly start: number; readonly end: number } {
  const shift = parseDuration(panel.shift) ?? 0;
  const span = parseDuration(panel.span);
  const end = board.end - shift;
  return { start: span === null || span === 0 ? board.start - shift : end - span, end };
}

/**
 * What a panel asks: one question a target that has an expression. An instant target asks for one time, on a grid of
 * its step, so that a value that has not changed is not asked for twice.
 */
export function panelQuestions(
  panel: AskingPanel,
  copyOf: CopyScope,
  board: BoardScope,
): readonly TargetQuestion[] {
  const { start, end } = panelTime(panel, board);
  const points = Math.max(LEAST_POINTS, Math.round((POINTS * panel.place.w) / GRID_COLUMNS));
  return panel.targets.flatMap((target): readonly TargetQuestion[] => {
    if (target.expr.trim() === '' || target.hidden) return [];
    const rough = panelScope({ ...board, start, end }, copyOf, niceStep(end - start, points));
    const least = parseDuration(interpolateText(target.minStep, rough)) ?? 0;
    const stepMs = Math.max(rough.stepMs, least, Math.ceil((end - start) / MOST_STEPS));
    const expr = interpolateExpression(target.expr, { ...rough, stepMs });
    const asked =
      target.mode === 'instant' ? onGrid(end, end, board.scrapeMs || stepMs) : onGrid(start, end, stepMs);
    const instant = target.mode === 'instant' ? { start: asked.end, end: asked.end } : asked;
    return [{ target, expr, ...instant, stepMs, maxSeries: PANEL_SERIES }];
  });
}

/** The panel's title and other texts with the variables filled in. */
export function filler(board: BoardScope, copyOf: CopyScope): (text: string) => string {
  const scope = panelScope(board, copyOf, niceStep(board.end - board.start, POINTS));
  return (text) => (text.includes('$') || text.includes('[[') ? interpolateText(text, scope) : text);
}
