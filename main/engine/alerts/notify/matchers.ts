import type { Matcher } from '#shared/contract/notify-config.ts';
import { compileAnchored } from '#shared/domain/relabel/relabel.ts';
import { describeThrown } from '#shared/errors/index.ts';

/** The labels of an alert. One that is missing is ''. */
export type LabelSet = Readonly<Record<string, string>>;

/** Whether labels satisfy all matchers of a set. */
export type LabelTest = (labels: LabelSet) => boolean;

const labelOf = (labels: LabelSet, name: string): string =>
  // A label called `constructor` is only a label.
  Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';

/** What is wrong with a matcher's expression; null when nothing is. */
export function matcherFault({ op, value }: Matcher): string | null {
  if (op === '=' || op === '!=') return null;
  try {
    compileAnchored(value);
    return null;
  } catch (thrown) {
    return describeThrown(thrown);
  }
}

/**
 * Makes a set of matchers ready. Expressions have the syntax of RE2 and match the whole value, as in Alertmanager.
 *
 * @throws RE2's syntax error; whoever takes matchers from outside asks {@link matcherFault} before
 */
export function compileMatchers(matchers: readonly Matcher[]): LabelTest {
  const tests = matchers.map(compileMatcher);
  return (labels) => tests.every((test) => test(labels));
}

function compileMatcher({ name, op, value }: Matcher): LabelTest {
  if (op === '=') return (labels) => labelOf(labels, name) === value;
  if (op === '!=') return (labels) => labelOf(labels, name) !== value;
  const expression = compileAnchored(value);
  const wanted = op === '=~';
  return (labels) => expression.test(labelOf(labels, name)) === wanted;
}

/** Equal exactly when all the named labels have the same values. */
export function labelsBy(labels: LabelSet, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => labelOf(labels, name)));
}

/** The labels of these names that are there; all of them when `names` is `['...']`. */
export function pickLabels(labels: LabelSet, names: readonly string[]): Record<string, string> {
  const wanted = names.includes('...') ? Object.keys(labels) : names;
  return Object.fromEntries(
    wanted
      .filter((name) => Object.hasOwn(labels, name))
      .toSorted()
      .map((name) => [name, labelOf(labels, name)]),
  );
}

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

/** Matchers as Alertmanager writes them: `{alertname="Down",host=~"db.*"}`. */
export function showMatchers(matchers: readonly Matcher[]): string {
  return `{${matchers.map(({ name, op, value }) => `${name}${op}${quoted(value)}`).join(',')}}`;
}

/** Labels as Alertmanager writes them, in the order of their names. */
export function showLabels(labels: LabelSet): string {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([name, value]) => `${name}=${quoted(value)}`).join(', ')}}`;
}

const MATCHER = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;
const QUOTED = /^"((?:[^"\\\n]|\\[\\"n])*)"$/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/**
 * Reads one matcher as Alertmanager 0.25 and amtool do: `host=app-1`, `host=~"app-.*"`.
 *
 * @returns what is wrong with it otherwise
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
  const matcher: Matcher = { name, op: op as Matcher['op'], value };
  const wrong = matcherFault(matcher);
  return wrong === null ? matcher : { wrong };
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
