import type { ChosenValues, ResolvedVariable } from '#shared/contract/dashboards.ts';
import type { QueryData } from '#shared/contract/metrics.ts';
import { chooseValues, variableValue } from '#shared/domain/dashboard/choose.ts';
import type { VariableValue } from '#shared/domain/dashboard/formats.ts';
import { interpolateExpression, interpolateText, type Scope } from '#shared/domain/dashboard/interpolate.ts';
import {
  AUTO_INTERVAL,
  type Variable,
  type VariableOption,
  type VariableSource,
} from '#shared/domain/dashboard/variables.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { cutOptions, distinct, sortOptions } from './option-values.ts';
import type { MetricLookups, Span } from './types.ts';

/** Options of one variable; a list that is longer serves nobody, and a query with more values is no query. */
const MOST_OPTIONS = 5_000;

/** What variables are resolved with. */
export type ResolveRequest = {
  readonly variables: readonly Variable[];
  readonly chosen: ChosenValues;
  readonly span: Span;
  readonly scrapeMs: number;
};

/**
 * Finds out what can be chosen of each variable, in order: one may use those before it. A variable whose query fails has no options
 * and says why; the others are resolved all the same.
 */
export async function resolveVariables(
  { variables, chosen, span, scrapeMs }: ResolveRequest,
  lookups: MetricLookups,
  signal: AbortSignal,
): Promise<readonly ResolvedVariable[]> {
  const known = new Map<string, VariableValue>();
  const rangeMs = Math.max(1, span.end - span.start);
  const scope: Scope = {
    variables: known,
    from: span.start,
    to: span.end,
    stepMs: scrapeMs,
    scrapeMs,
    dashboard: '',
  };
  const resolved: ResolvedVariable[] = [];
  for (const variable of variables) {
    const found = await optionsOf(variable, scope, lookups, signal);
    const all = found.ok ? found.value : [];
    const options = all.slice(0, MOST_OPTIONS);
    const asked = Object.hasOwn(chosen, variable.name) ? chosen[variable.name] : undefined;
    const values = chooseValues(variable, options, asked);
    known.set(variable.name, variableValue(variable, options, values, rangeMs, 'en'));
    resolved.push({
      name: variable.name,
      options: [...options],
      omitted: all.length - options.length,
      chosen: [...values],
      error: found.ok ? null : found.error,
    });
  }
  return resolved;
}

async function optionsOf(
  variable: Variable,
  scope: Scope,
  lookups: MetricLookups,
  signal: AbortSignal,
): Promise<Result<readonly VariableOption[]>> {
  switch (variable.kind) {
    case 'constant':
    case 'text':
      return ok([{ text: variable.value, value: variable.value }]);
    case 'interval':
      return ok([
        ...(variable.auto === null ? [] : [{ text: 'auto', value: AUTO_INTERVAL }]),
        ...variable.choices.map((choice) => ({ text: choice, value: choice })),
      ]);
    case 'custom':
      return ok(distinct(variable.options));
    case 'query': {
      const values = await look(variable.source, scope, lookups, signal);
      if (!values.ok) return values;
      const cut = cutOptions(values.value, interpolateText(variable.regex, scope, 'regex'));
      return cut.ok ? ok(sortOptions(distinct(cut.value), variable.sort)) : cut;
    }
  }
}

async function look(
  source: VariableSource,
  scope: Scope,
  lookups: MetricLookups,
  signal: AbortSignal,
): Promise<Result<readonly string[]>> {
  if (signal.aborted) return err(appError('CANCELLED'));
  const fill = (text: string): string => interpolateExpression(text, scope);
  const span = { start: scope.from, end: scope.to };
  switch (source.of) {
    case 'labelValues':
      return lookups.labelValues(
        interpolateText(source.label, scope, 'raw'),
        fill(source.selector),
        span,
        signal,
      );
    case 'labelNames':
      return lookups.labelNames(fill(source.selector), span, signal);
    case 'metrics': {
      const names = await lookups.labelValues('__name__', '', span, signal);
      if (!names.ok) return names;
      // Found anywhere in the name, as in Grafana.
      const cut = cutOptions(names.value, `/${interpolateText(source.pattern, scope, 'regex')}/`);
      if (!cut.ok) return cut;
      const kept = new Set(cut.value.map(({ value }) => value));
      return ok(names.value.filter((name) => kept.has(name)));
    }
    case 'series': {
      const series = await lookups.series(fill(source.selector), span, signal);
      return series.ok ? ok(series.value.map((labels) => seriesText(labels))) : series;
    }
    case 'result': {
      const data = await lookups.instant(fill(source.expr), span.end, signal);
      return data.ok ? ok(resultTexts(data.value)) : data;
    }
  }
}

/** A series as Grafana writes it for `regex` to cut: `name{a="1",b="2"}`. */
function seriesText({ __name__: name = '', ...labels }: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}="${value}"`);
  return `${name}{${pairs.join(',')}}`;
}

/** An instant result as Grafana's `query_result()` writes it: series, value, time in milliseconds. */
function resultTexts(data: QueryData): readonly string[] {
  if (data.resultType === 'vector')
    return data.result.map(
      ({ metric, value: [time, value] }) => `${seriesText(metric)} ${value} ${time * 1000}`,
    );
  if (data.resultType === 'scalar') return [data.result[1]];
  return [];
}
