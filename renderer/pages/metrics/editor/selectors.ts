/** One condition on a label, as PromQL writes it. */
export type Condition = {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
};

/** A text as a PromQL string. */
function quoted(text: string): string {
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}

/** A text in which no character has a meaning for a regular expression. */
function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A selector: `name{a="1"}`. */
export function selector(metric: string, conditions: readonly Condition[]): string {
  const parts = conditions.map(({ label, operator, value }) => `${label}${operator}${quoted(value)}`);
  if (metric === '' || parts.length > 0) return `${metric}{${parts.join(', ')}}`;
  return metric;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';

/** Where a metric's selector stands in an expression: its name and the braces behind it, if there are any. */
function findSelector(
  expr: string,
  metric: string,
): { readonly from: number; readonly to: number; readonly body: string } | null {
  // Strings are skipped, so that a name inside one is not taken for the metric.
  const pattern = new RegExp(`"(?:\\\\.|[^"\\\\])*"|'(?:\\\\.|[^'\\\\])*'|\`[^\`]*\`|${NAME}`, 'g');
  for (const match of expr.matchAll(pattern)) {
    if (match[0] !== metric) continue;
    const from = match.index;
    const after = from + metric.length;
    const braces = /^\s*\{((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|[^}"'`])*)\}/.exec(
      expr.slice(after),
    );
    return braces === null
      ? { from, to: after, body: '' }
      : { from, to: after + braces[0].length, body: braces[1] ?? '' };
  }
  return null;
}

const MATCHER = /([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)/g;

/**
 * An expression with a label's value chosen in the selector of a metric: the value is added to those chosen before
 * (`a="1"` becomes `a=~"1|2"`), or taken away when it was the only one.
 *
 * @returns the expression, or null when it does not select the metric
 */
export function withLabel(expr: string, metric: string, label: string, value: string): string | null {
  const place = findSelector(expr, metric);
  if (place === null) return null;
  const matchers = [...place.body.matchAll(MATCHER)];
  const own = matchers.find(
    ([, name, operator]) => name === label && (operator === '=' || operator === '=~'),
  );
  const others = matchers.filter((matcher) => matcher !== own).map(([text]) => text);
  const chosen = own === undefined ? [] : valuesOf(own[2] ?? '', own[3] ?? '');
  const next = chosen.includes(value) ? chosen.filter((old) => old !== value) : [...chosen, value];
  const [only] = next;
  const matcher =
    only === undefined
      ? []
      : next.length === 1
        ? [`${label}=${quoted(only)}`]
        : [`${label}=~${quoted(next.map(literally).join('|'))}`];
  const parts = [...others, ...matcher];
  const braces = parts.length === 0 ? '' : `{${parts.join(', ')}}`;
  return `${expr.slice(0, place.from)}${metric}${braces}${expr.slice(place.to)}`;
}

/** The values of a label that the selector of a metric chooses; none when the expression does not select it. */
export function chosenValues(expr: string, metric: string, label: string): readonly string[] {
  const body = findSelector(expr, metric)?.body ?? '';
  return [...body.matchAll(MATCHER)].flatMap(([, name, operator = '', text = '']) =>
    name === label && (operator === '=' || operator === '=~') ? valuesOf(operator, text) : [],
  );
}

/** The values that a matcher of `withLabel` chooses. */
function valuesOf(operator: string, text: string): readonly string[] {
  const inner = text.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
  if (operator === '=') return [inner];
  return (inner.match(/(?:\\.|[^|\\])+/g) ?? []).map((part) => part.replace(/\\(.)/g, '$1'));
}
