import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { newCompleteStrategy } from '@prometheus-io/codemirror-promql';
import { EqlRegex, EqlSingle, Neq, NeqRegex } from '@prometheus-io/lezer-promql';
import { type Ask, engineClient } from './engine-client.ts';
import { aggregationHelp, functionHelp, type Help } from './function-help.ts';
import type { Condition } from './selectors.ts';

const operators: Readonly<Record<number, Condition['operator']>> = {
  [EqlSingle]: '=',
  [Neq]: '!=',
  [EqlRegex]: '=~',
  [NeqRegex]: '!~',
};

/** What the grammar of a later Prometheus offers and the engine, which is 2.42, does not know. */
const unknown = new Set([
  'limitk',
  'limit_ratio',
  'fill',
  'fill_left',
  'fill_right',
  'step()',
  'range()',
  'min_of(, )',
  'max_of(, )',
  '</',
  '>/',
]);

/** Words for what a completion is. */
export type CompletionTexts = {
  readonly language: () => keyof Help;
  readonly function: () => string;
  readonly aggregation: () => string;
  /** A metric's type in the present language. */
  readonly type: (type: string) => string;
};

/** Completes metric names, labels, values and functions from what the engine holds and can do. */
export function completeFromEngine(
  ask: Ask,
  texts: CompletionTexts,
): (context: CompletionContext) => Promise<CompletionResult | null> {
  const strategy = newCompleteStrategy({
    remote: engineClient({
      ask,
      now: Date.now,
      conditionOf: ({ type, name, value }) => {
        const operator = operators[type];
        return operator === undefined || name === '' || value === ''
          ? null
          : { label: name, operator, value };
      },
    }),
  });
  return async (context) => {
    const result = await strategy.promQL(context);
    if (result === null) return null;
    const options = result.options.flatMap((option) => ours(option, texts) ?? []);
    const offersFunctions = options.some(({ label }) => label === 'rate');
    if (offersFunctions) options.push(ourFunction('holt_winters', texts));
    return { ...result, options };
  };
}

function ourFunction(label: string, texts: CompletionTexts): Completion {
  const info = functionHelp[label]?.[texts.language()] ?? '';
  return { label, type: 'function', detail: texts.function(), info };
}

/** An option with its help in the operator's language; null for what the engine does not know. */
function ours(option: Completion, texts: CompletionTexts): Completion | null {
  if (unknown.has(option.label) || option.detail === 'snippet') return null;
  if (option.type === 'function' && option.detail === 'function') {
    return Object.hasOwn(functionHelp, option.label) ? ourFunction(option.label, texts) : null;
  }
  if (option.detail === 'aggregation') {
    const info = aggregationHelp[option.label]?.[texts.language()];
    return info === undefined ? null : { ...option, detail: texts.aggregation(), info };
  }
  if (option.type === 'constant' && option.detail !== undefined) {
    return { ...option, detail: texts.type(option.detail) };
  }
  return option;
}
