import type { Matcher } from '#shared/contract/notify-config.ts';

/** Address of an alert's page; `since` names one of several alerts of this id that history has. */
export function alertPath(id: string, since?: number): string {
  const path = `/alerts/${encodeURIComponent(id)}`;
  return since === undefined ? path : `${path}?since=${since}`;
}

/** Matchers as a person writes them, in Alertmanager's way: `severity="critical", host=~"app-.*"`. */
export function formatMatchers(matchers: readonly Matcher[]): string {
  return matchers.map(({ name, op, value }) => `${name}${op}${JSON.stringify(value)}`).join(', ');
}

const MATCHER =
  /^\s*("(?:[^"\\]|\\.)+"|[a-zA-Z_:][\w:.-]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^\s,"{}]+)\s*(,|$)/;

/** Reads what {@link formatMatchers} writes; braces around it and bare words as values are allowed. Null when it is not that. */
export function parseMatchers(text: string): readonly Matcher[] | null {
  let rest = text.trim().replace(/^\{(.*)\}$/s, '$1');
  const matchers: Matcher[] = [];
  while (rest.trim() !== '') {
    const found = MATCHER.exec(rest);
    if (found === null) return null;
    const [whole, name = '', op = '=', value = ''] = found;
    matchers.push({ name: unquote(name), op: op as Matcher['op'], value: unquote(value) });
    rest = rest.slice(whole.length);
  }
  return matchers;
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.slice(1, -1).replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** Whether labels satisfy all matchers; expressions are anchored, and a missing label is ''. One that is no expression matches nothing. */
export function matches(matchers: readonly Matcher[], labels: Readonly<Record<string, string>>): boolean {
  return matchers.every(({ name, op, value }) => {
    const own = labels[name] ?? '';
    if (op === '=') return own === value;
    if (op === '!=') return own !== value;
    try {
      return new RegExp(`^(?:${value})$`, 's').test(own) === (op === '=~');
    } catch {
      return false;
    }
  });
}
