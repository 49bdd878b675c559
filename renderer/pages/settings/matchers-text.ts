import type { RetentionClass } from '#shared/contract/metrics-settings.ts';

type Matchers = RetentionClass['matchers'];

const MATCHER = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*(,|$)/;

/** The conditions of a retention class as a person writes them: `job="web", instance=~"10\\..*"`. */
export function formatMatchers(matchers: Matchers): string {
  return matchers.map(({ label, op, value }) => `${label}${op}${JSON.stringify(value)}`).join(', ');
}

/** Reads what {@link formatMatchers} writes, braces around it allowed; null when it is not that. */
export function parseMatchers(text: string): Matchers | null {
  let rest = text.trim().replace(/^\{(.*)\}$/s, '$1');
  const matchers: Matchers = [];
  while (rest.trim() !== '') {
    const found = MATCHER.exec(rest);
    if (found === null) return null;
    const [whole, label = '', op = '=', quoted = ''] = found;
    matchers.push({ label, op: op as Matchers[number]['op'], value: unquote(quoted) });
    rest = rest.slice(whole.length);
  }
  return matchers.length === 0 ? null : matchers;
}

/** As in PromQL a backslash stands before a quote, a backslash or an n; before anything else it is itself. */
function unquote(text: string): string {
  return text.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
