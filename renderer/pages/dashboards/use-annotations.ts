import { useMemo } from 'react';
import type { Annotation, AnnotationKind } from '#shared/contract/dashboards.ts';
import type { DashboardAnnotation } from '#shared/domain/dashboard/model.ts';
import { useRequest } from '../../components/use-request.ts';

/** What each source of the console's own knowledge asks for. */
const KINDS: Readonly<Record<string, readonly AnnotationKind[]>> = {
  alerts: ['alert'],
  deployments: ['deployment', 'note'],
  backups: ['backup'],
  restores: ['restore'],
  drills: ['drill'],
  // Gaps are hatched on every chart anyway.
  gaps: [],
};

/** Whether an annotation is shown: as the dashboard says, unless it was switched. */
export function isShown(
  annotation: DashboardAnnotation,
  place: number,
  switched: ReadonlySet<number>,
): boolean {
  return annotation.shown !== switched.has(place);
}

/** The kinds of marks that a dashboard's shown annotations ask for. */
export function wantedKinds(
  annotations: readonly DashboardAnnotation[],
  switched: ReadonlySet<number>,
): readonly AnnotationKind[] {
  const kinds = annotations.flatMap((annotation, place) =>
    isShown(annotation, place, switched) ? (KINDS[annotation.source.of] ?? []) : [],
  );
  return [...new Set(kinds)].sort();
}

const NONE: readonly Annotation[] = [];

/** What happened in a span and is to be marked, as the engine knows it. */
export function useAnnotations(
  annotations: readonly DashboardAnnotation[],
  switched: ReadonlySet<number>,
  start: number,
  end: number,
): readonly Annotation[] {
  const kinds = wantedKinds(annotations, switched);
  const request = useRequest(
    'dashboards.annotations',
    { start: Math.round(start), end: Math.round(end), kinds: [...kinds], limit: 500 },
    { patient: true, enabled: kinds.length > 0, subject: kinds.join() },
  );
  // The same marks come with every answer; charts are drawn anew only for others.
  const key = JSON.stringify(kinds.length === 0 ? NONE : (request.data?.annotations ?? NONE));
  return useMemo(() => JSON.parse(key) as readonly Annotation[], [key]);
}
