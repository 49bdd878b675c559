import { useMemo } from 'react';
import type { Annotation, AnnotationKind } from '#shared/contract/dashboards.ts';
import type { Columns } from '#shared/contract/metrics.ts';
import { interpolateExpression, interpolateText } from '#shared/domain/dashboard/interpolate.ts';
import type { DashboardAnnotation } from '#shared/domain/dashboard/model.ts';
import { targetSchema } from '#shared/domain/dashboard/panels.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { parseDuration } from '#shared/units/duration.ts';
import { MOST_STEPS, niceStep, onGrid } from '../../charts/steps.ts';
import { useRequest } from '../../components/use-request.ts';
import { type BoardMark, queryMarks } from '../../panels/board-marks.ts';
import type { TargetQuestion } from '../../panels/panel-questions.ts';
import { type BoardScope, panelScope } from '../../panels/panel-scope.ts';
import { usePanelAnswers } from '../../panels/use-panel-answers.ts';

/** What each source of the console's own knowledge asks for. */
const KINDS: Readonly<Record<string, readonly AnnotationKind[]>> = {
  alerts: ['alert'],
  deployments: ['deployment', 'note'],
  backups: ['backup'],
  restores: ['restore'],
  drills: ['drill'],
  // Gaps are hatched on every chart anyway, and queries are asked one by one.
  gaps: [],
  query: [],
};

/** Steps in which a query for marks is asked over the range. */
const MARK_STEPS = 600;
/** Series of one query for marks. */
const MARK_SERIES = 50;

const NOTHING_SWITCHED: ReadonlySet<number> = new Set();
const NONE: readonly Annotation[] = [];

/** Whether an annotation is shown: as the dashboard says, unless it was switched. */
export function isShown(
  annotation: DashboardAnnotation,
  place: number,
  switched: ReadonlySet<number>,
): boolean {
  return annotation.shown !== switched.has(place);
}

/** The kinds of marks that a dashboard's shown annotations ask the console for. */
export function wantedKinds(
  annotations: readonly DashboardAnnotation[],
  switched: ReadonlySet<number> = NOTHING_SWITCHED,
): readonly AnnotationKind[] {
  const kinds = annotations.flatMap((annotation, place) =>
    isShown(annotation, place, switched) ? (KINDS[annotation.source.of] ?? []) : [],
  );
  return [...new Set(kinds)].sort();
}

/** The questions of a dashboard's shown queries for marks; each one's target is called after its place. */
export function markQuestions(
  annotations: readonly DashboardAnnotation[],
  scope: BoardScope,
  switched: ReadonlySet<number> = NOTHING_SWITCHED,
): readonly TargetQuestion[] {
  const { start, end } = scope;
  return annotations.flatMap((annotation, place): readonly TargetQuestion[] => {
    const { source } = annotation;
    if (source.of !== 'query' || source.expr.trim() === '' || !isShown(annotation, place, switched))
      return [];
    const rough = panelScope(scope, {}, niceStep(end - start, MARK_STEPS));
    const least = parseDuration(interpolateText(source.minStep, rough)) ?? 0;
    const stepMs = Math.max(rough.stepMs, least, Math.ceil((end - start) / MOST_STEPS));
    const expr = interpolateExpression(source.expr, { ...rough, stepMs });
    const target = targetSchema.parse({ ref: String(place), expr: source.expr });
    return [{ target, expr, ...onGrid(start, end, stepMs), stepMs, maxSeries: MARK_SERIES }];
  });
}

/** What came of a query for marks. */
export type MarkAnswer = {
  readonly target: { readonly ref: string };
  readonly columns: Pick<Columns, 'times' | 'series'> | null;
};

/** All marks of a dashboard from what the console knows and what its queries answered. */
export function marksOf(
  annotations: readonly DashboardAnnotation[],
  known: readonly Annotation[],
  answers: readonly MarkAnswer[],
  language: 'zh' | 'en',
): readonly BoardMark[] {
  const own = known.map((mark): BoardMark => {
    const asking = annotations.filter(({ source }) => KINDS[source.of]?.includes(mark.kind));
    // When several ask for a kind and one of them means all panels, it is for all.
    const [only] = asking;
    return { ...mark, panels: asking.length === 1 ? (only?.panels ?? null) : null };
  });
  const asked = answers.flatMap(({ target, columns }) => {
    const annotation = annotations[Number(target.ref)];
    if (columns === null || annotation?.source.of !== 'query') return [];
    return queryMarks(annotation, annotation.source, localize(annotation.name, language), columns);
  });
  return [...own, ...asked];
}

/** What happened in a span and is to be marked on a dashboard's charts. */
export function useBoardMarks(
  annotations: readonly DashboardAnnotation[],
  switched: ReadonlySet<number>,
  scope: BoardScope | null,
  range: { readonly start: number; readonly end: number },
  language: 'zh' | 'en',
): readonly BoardMark[] {
  const kinds = wantedKinds(annotations, switched);
  const request = useRequest(
    'dashboards.annotations',
    { start: Math.round(range.start), end: Math.round(range.end), kinds: [...kinds], limit: 500 },
    { patient: true, enabled: kinds.length > 0, subject: kinds.join() },
  );
  const questions = useMemo(
    () => (scope === null ? [] : markQuestions(annotations, scope, switched)),
    [annotations, scope, switched],
  );
  const { answers } = usePanelAnswers(questions, questions.length > 0, 'marks');
  const known = kinds.length === 0 ? NONE : (request.data?.annotations ?? NONE);
  // The same marks come with every answer; charts are drawn anew only for others.
  const key = JSON.stringify(marksOf(annotations, known, answers, language));
  return useMemo(() => JSON.parse(key) as readonly BoardMark[], [key]);
}
