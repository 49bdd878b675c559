import type { Matcher } from '../contract/notify-config.ts';

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

/** Matchers as Alertmanager writes them: `{alertname="Down",host=~"db.*"}`. */
export function showMatchers(matchers: readonly Matcher[]): string {
  return `{${matchers.map(({ name, op, value }) => `${name}${op}${quoted(value)}`).join(',')}}`;
}

/** Labels as Alertmanager writes them, in the order of their names. */
export function showLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([name, value]) => `${name}=${quoted(value)}`).join(', ')}}`;
}

const MATCHER = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;
const QUOTED = /^"((?:[^"\\\n]|\\[\\"n])*)"$/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/**
 * Reads one matcher as Alertmanager 0.25 and amtool do: `host=app-1`, `host=~"app-.*"`.
 *
 * @returns what is wrong with its form otherwise; expressions are not looked at
 */
export function readMatcher(text: string): Matcher | { readonly wrong: string } {
  const [, name, op, raw] = MATCHER.exec(text) ?? [];
  if (name === undefined || raw === undefined) return { wrong: `bad matcher format: ${text}` };
  let value = raw;
  if (raw.startsWith('"')) {
    const inside = QUOTED.exec(raw)?.[1];
    if (inside === undefined) return { wrong: `matcher value contains unescaped double quote: ${raw}` };
    value = inside.replace(/\\([\\"n])/g, (_all, letter: string) => ESCAPES[letter] ?? letter);
  } else if (/(?:^|[^\\])"/.test(raw)) {
    return { wrong: `matcher value contains unescaped double quote: ${raw}` };
  } else {
    value = raw.replace(/\\([\\"n])/g, (_all, letter: string) => ESCAPES[letter] ?? letter);
  }
  return { name, op: op as Matcher['op'], value };
}

/** Reads `{a="b", c=~"d"}` or the same without braces; commas inside of quotes are part of a value. */
export function readMatchers(text: string): readonly Matcher[] | { readonly wrong: string } {
  const trimmed = text.trim();
  const inner = /^\{(.*)\}$/s.exec(trimmed)?.[1] ?? trimmed;
  const parts = inner.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/gs) ?? [];
  const matchers: Matcher[] = [];
  for (const part of parts.filter((each) => each.trim() !== '')) {
    const read = readMatcher(part);
    if ('wrong' in read) return read;
    matchers.push(read);
  }
  return matchers;
}
