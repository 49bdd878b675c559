import { useMemo } from 'react';
import type { ChosenValues, ResolvedVariable } from '#shared/contract/dashboards.ts';
import type { WatchGap } from '#shared/contract/site.ts';
import { type Expanded, expandDashboard } from '#shared/domain/dashboard/expand.ts';
import type { Dashboard } from '#shared/domain/dashboard/model.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import type { ChartActions } from '../../charts/time-chart.tsx';
import { useRequest } from '../../components/use-request.ts';
import type { Board } from '../../panels/board-context.ts';
import { repeatValues, variableValues } from '../../panels/panel-scope.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { useBoardMarks } from './use-board-marks.ts';

export type BoardInput = {
  readonly dashboard: Dashboard;
  readonly scrapeMs: number;
  readonly chosen: ChosenValues;
  readonly start: number;
  readonly end: number;
  readonly switched: ReadonlySet<number>;
  readonly actions: ChartActions;
  /** While it is edited, what repeats stands once. */
  readonly editing: boolean;
};

export type BoardParts = {
  /** Null until the variables have their values: no panel asks with a hole in its expression. */
  readonly board: Board | null;
  readonly resolved: readonly ResolvedVariable[];
  readonly expanded: Expanded;
  readonly variables: ReturnType<typeof useRequest<'dashboards.variables'>>;
};

/** Values of variables are looked for in the range on this grid, so that they are not asked for with every tick. */
const VARIABLES_GRID_MS = 300_000;

const NO_VALUES: ReadonlyMap<string, readonly string[]> = new Map();
const NO_RESOLVED: readonly ResolvedVariable[] = [];

/** What the panels of a dashboard share: values of variables, time, marks, gaps, look. */
export function useBoardParts(input: BoardInput): BoardParts {
  const { dashboard, chosen, start, end } = input;
  const language = usePreferences((state) => (state.language === 'en' ? 'en' : 'zh'));
  const palette = usePreferences((state) => state.palette);
  const grid = (time: number): number => Math.floor(time / VARIABLES_GRID_MS) * VARIABLES_GRID_MS;
  const variables = useRequest(
    'dashboards.variables',
    { variables: [...dashboard.variables], chosen, start: grid(start), end: grid(end) + VARIABLES_GRID_MS },
    { patient: true, enabled: dashboard.variables.length > 0, subject: dashboard.uid },
  );
  const gaps = useRequest(
    'site.watchGaps',
    { start: Math.round(start), end: Math.round(end) },
    { patient: true },
  );
  // The same come with every answer; panels are drawn anew only for others.
  const gapsKey = JSON.stringify(gaps.data?.gaps ?? []);
  const watchGaps = useMemo(() => JSON.parse(gapsKey) as readonly WatchGap[], [gapsKey]);
  const resolvedKey = JSON.stringify(variables.data?.variables ?? NO_RESOLVED);
  const resolved = useMemo(() => JSON.parse(resolvedKey) as readonly ResolvedVariable[], [resolvedKey]);
  const spanMs = end - start;
  const valuesKey = JSON.stringify([dashboard.variables, resolvedKey, chosen, spanMs, language]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is all that the values are made of.
  const values = useMemo(
    () => variableValues(dashboard.variables, resolved, chosen, spanMs, language),
    [valuesKey],
  );
  const title = localize(dashboard.title, language);
  const waiting = dashboard.variables.length > 0 && variables.data === null && variables.error === null;
  const look = useMemo(() => ({ language, palette }) as const, [language, palette]);
  const { scrapeMs } = input;
  const scope = useMemo(
    () => (waiting ? null : { values, start, end, scrapeMs, title }),
    [waiting, values, start, end, scrapeMs, title],
  );
  const marks = useBoardMarks(dashboard.annotations, input.switched, scope, { start, end }, language);
  const board = useMemo(
    (): Board | null =>
      scope === null
        ? null
        : {
            scope,
            marks,
            gaps: watchGaps,
            actions: input.actions,
            look,
            lazy: true,
          },
    [scope, marks, watchGaps, input.actions, look],
  );
  const { rows } = dashboard;
  const expanded = useMemo(
    () => expandDashboard({ rows }, input.editing ? NO_VALUES : repeatValues(values)),
    [rows, input.editing, values],
  );
  return { board, resolved, expanded, variables };
}
