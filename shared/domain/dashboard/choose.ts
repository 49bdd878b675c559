import { formatDuration, parseDuration } from '../../units/duration.ts';
import type { VariableValue } from './formats.ts';
import { ALL, AUTO_INTERVAL, type Variable, type VariableOption } from './variables.ts';

/** What `All` is called. */
const ALL_TEXT = { zh: '全部', en: 'All' } as const;

/**
 * What holds of a variable: what was asked for, as far as it can be chosen; else the variable's own choice; else all, or the
 * first. Typed text holds as it is.
 */
export function chooseValues(
  variable: Variable,
  options: readonly VariableOption[],
  asked: readonly string[] | undefined,
): readonly string[] {
  if (variable.kind === 'constant') return [variable.value];
  if (variable.kind === 'text') return [asked?.[0] ?? variable.value];
  const known = new Set(options.map(({ value }) => value));
  if (variable.kind === 'interval') {
    const wanted = [asked?.[0], variable.chosen].find((value) => value !== undefined && known.has(value));
    return [wanted ?? options[0]?.value ?? ''];
  }
  const { multi, includeAll } = variable;
  for (const wanted of [asked, variable.chosen]) {
    if (wanted === undefined || wanted.length === 0) continue;
    if (includeAll && wanted.includes(ALL)) return [ALL];
    const there = wanted.filter((value) => known.has(value));
    if (there.length > 0) return multi ? [...new Set(there)] : there.slice(0, 1);
  }
  if (includeAll) return [ALL];
  return options.slice(0, 1).map(({ value }) => value);
}

/** The step that `auto` of an interval variable stands for: the range divided, rounded to a length that people use. */
function autoIntervalMs(rangeMs: number, count: number, least: string): number {
  const wanted = Math.max(rangeMs / count, parseDuration(least) ?? 0, 1);
  return ROUND_MS.find((length) => length >= wanted * 0.75) ?? 31_536_000_000;
}

const ROUND_MS: readonly number[] = [
  1, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000,
  86_400_000, 604_800_000, 2_592_000_000, 31_536_000_000,
];

/** What references to a variable stand for, once its options are known and values are chosen. */
export function variableValue(
  variable: Variable,
  options: readonly VariableOption[],
  chosen: readonly string[],
  rangeMs: number,
  language: 'zh' | 'en',
): VariableValue {
  const { name } = variable;
  const single = (value: string): VariableValue => ({
    name,
    values: [value],
    texts: [value],
    several: false,
    all: null,
  });
  if (variable.kind === 'constant') return single(variable.value);
  if (variable.kind === 'text') return single(chosen[0] ?? variable.value);
  if (variable.kind === 'interval') {
    const value = chosen[0] ?? '';
    if (value !== AUTO_INTERVAL || variable.auto === null) return single(value);
    return single(formatDuration(autoIntervalMs(rangeMs, variable.auto.count, variable.auto.least)));
  }
  const several = variable.multi || variable.includeAll;
  if (variable.includeAll && chosen.includes(ALL)) {
    return {
      name,
      values: options.map(({ value }) => value),
      texts: [ALL_TEXT[language]],
      several,
      all: variable.allValue === '' ? null : variable.allValue,
    };
  }
  const textOf = new Map(options.map(({ text, value }) => [value, text]));
  return {
    name,
    values: chosen,
    texts: chosen.map((value) => textOf.get(value) ?? value),
    several,
    all: null,
  };
}
