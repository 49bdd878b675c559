import type { Matcher } from '#shared/contract/notify-config.ts';
import { compileAnchored } from '#shared/domain/relabel/relabel.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';

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

/** Checks the expressions of matchers that somebody gave; NOTIFY_EXPRESSION names the field of the first that is none. */
export function checkExpressions(matchers: readonly Matcher[]): Result<object> {
  for (const [index, matcher] of matchers.entries()) {
    const why = matcherFault(matcher);
    if (why === null) continue;
    const field = `matchers.${index}.value`;
    return err(appError('NOTIFY_EXPRESSION', { expression: matcher.value, why }, { field }));
  }
  return ok({});
}

/**
 * Makes a set of matchers ready. Expressions have the syntax of RE2 and match the whole value, as in Alertmanager.
 *
 * @throws RE2's syntax error; whoever takes matchers from outside asks {@link checkExpressions} before
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
