import type { ChosenValues, ResolvedVariable } from '#shared/contract/dashboards.ts';
import { chooseValues, variableValue } from '#shared/domain/dashboard/choose.ts';
import type { CopyScope } from '#shared/domain/dashboard/expand.ts';
import type { VariableValue } from '#shared/domain/dashboard/formats.ts';
import type { Scope } from '#shared/domain/dashboard/interpolate.ts';
import type { Variable } from '#shared/domain/dashboard/variables.ts';

/** What the variables of a dashboard stand for, as they were chosen and found. */
export function variableValues(
  variables: readonly Variable[],
  resolved: readonly ResolvedVariable[],
  chosen: ChosenValues,
  spanMs: number,
  language: 'zh' | 'en',
): ReadonlyMap<string, VariableValue> {
  return new Map(
    variables.map((variable) => {
      const found = resolved.find(({ name }) => name === variable.name);
      const options = found?.options ?? [];
      // What is typed holds at once, before the engine has heard of it.
      const own = variable.kind === 'text' || found === undefined;
      const values = own ? chooseValues(variable, options, chosen[variable.name]) : found.chosen;
      return [variable.name, variableValue(variable, options, values, spanMs, language)];
    }),
  );
}

/** The values by which rows and panels repeat. */
export function repeatValues(
  values: ReadonlyMap<string, VariableValue>,
): ReadonlyMap<string, readonly string[]> {
  return new Map([...values].map(([name, value]) => [name, value.values]));
}

/** The variables with those that a copy stands for narrowed to its own value. */
function withCopy(
  values: ReadonlyMap<string, VariableValue>,
  copyOf: CopyScope,
): ReadonlyMap<string, VariableValue> {
  const own = Object.entries(copyOf);
  if (own.length === 0) return values;
  const narrowed = new Map(values);
  for (const [name, value] of own) {
    const whole = values.get(name);
    const at = whole?.values.indexOf(value) ?? -1;
    const text = whole?.texts[at] ?? value;
    narrowed.set(name, { name, values: [value], texts: [text], several: whole?.several ?? false, all: null });
  }
  return narrowed;
}

/** What is the same for all panels of a dashboard. */
export type BoardScope = {
  readonly values: ReadonlyMap<string, VariableValue>;
  readonly start: number;
  readonly end: number;
  readonly scrapeMs: number;
  readonly title: string;
};

/** What references in a panel's texts stand for. */
export function panelScope(board: BoardScope, copyOf: CopyScope, stepMs: number): Scope {
  return {
    variables: withCopy(board.values, copyOf),
    from: Math.round(board.start),
    to: Math.round(board.end),
    stepMs,
    scrapeMs: board.scrapeMs,
    dashboard: board.title,
  };
}
