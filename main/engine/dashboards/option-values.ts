import { runInNewContext } from 'node:vm';
import { RE2JS } from 're2js';
import type { VariableOption, VariableSort } from '#shared/domain/dashboard/variables.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';

/** What one text gives: for each match its groups, and its named groups `text` and `value`. */
type Matches = readonly {
  readonly groups: readonly string[];
  readonly text?: string;
  readonly value?: string;
}[];

/** Time that one expression may take over all of a variable's values. */
const MATCH_MS = 250;

/** The pattern and flags of `/…/flags`, or of a bare expression. */
function readPattern(text: string): { readonly source: string; readonly flags: string } {
  const match = /^\/(.*)\/([a-z]*)$/s.exec(text);
  return match === null
    ? { source: `^${text}$`, flags: '' }
    : { source: match[1] ?? '', flags: (match[2] ?? '').replace(/[gy]/g, '') };
}

/** By RE2, whose time grows with the text alone; null when the pattern has something that it does not know. */
function byRe2(texts: readonly string[], source: string, flags: string): readonly Matches[] | null {
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(source, flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0);
  } catch {
    return null;
  }
  const names = pattern.namedGroups();
  return texts.map((text) => {
    const found: Matches[number][] = [];
    const matcher = pattern.matcher(text);
    while (matcher.find()) {
      const groups = Array.from({ length: matcher.groupCount() }, (_, i) => matcher.group(i + 1) ?? '');
      const named = (name: string): string | undefined =>
        Object.hasOwn(names, name) ? (matcher.group(name) ?? undefined) : undefined;
      const [label, value] = [named('text'), named('value')];
      found.push({
        groups,
        ...(label === undefined ? {} : { text: label }),
        ...(value === undefined ? {} : { value }),
      });
    }
    return found;
  });
}

/**
 * By JavaScript's own engine, for what Grafana's users write and RE2 does not know (look-around, references back). Such a pattern may
 * take for ever on a text; here it is stopped.
 */
function byScript(texts: readonly string[], source: string, flags: string): Result<readonly Matches[]> {
  try {
    const json: unknown = runInNewContext(
      `JSON.stringify(texts.map((text) => [...text.matchAll(new RegExp(source, flags + 'g'))].map((match) => ({
        groups: match.slice(1).map((group) => group ?? ''), text: match.groups?.text, value: match.groups?.value }))))`,
      { texts, source, flags },
      { timeout: MATCH_MS },
    );
    return ok(JSON.parse(String(json)) as readonly Matches[]);
  } catch (thrown) {
    return err(
      appError('BAD_INPUT', { method: 'dashboards.variables', field: 'regex', why: describeThrown(thrown) }),
    );
  }
}

/**
 * Keeps the values in which a pattern is found. Where it has groups, what the first finds stands in the value's place (once for each
 * match), or what its groups `value` and `text` find: Grafana's rules.
 */
export function cutOptions(values: readonly string[], regex: string): Result<readonly VariableOption[]> {
  if (regex === '') return ok(values.map((value) => ({ text: value, value })));
  const { source, flags } = readPattern(regex);
  const found = byRe2(values, source, flags);
  const matches = found === null ? byScript(values, source, flags) : ok(found);
  if (!matches.ok) return matches;
  return ok(matches.value.flatMap((each, i) => optionsOf(values[i] ?? '', each)));
}

function optionsOf(whole: string, matches: Matches): readonly VariableOption[] {
  if (matches.length === 0) return [];
  const value = matches.find((match) => match.value !== undefined && match.value !== '')?.value;
  const text = matches.find((match) => match.text !== undefined && match.text !== '')?.text;
  if (value !== undefined || text !== undefined)
    return [{ value: value ?? text ?? whole, text: text ?? value ?? whole }];
  const firsts = matches.flatMap(({ groups }) => groups.slice(0, 1));
  if (firsts.length === 0) return [{ text: whole, value: whole }];
  return firsts.map((first) => ({ text: first, value: first }));
}

/** One option for each value. */
export function distinct(options: readonly VariableOption[]): readonly VariableOption[] {
  return [...new Map([...options].reverse().map((option) => [option.value, option])).values()].reverse();
}

function numberIn(text: string): number {
  const digits = /\d+/.exec(text);
  return digits === null ? -1 : Number(digits[0]);
}

function order(sort: VariableSort): ((a: string, b: string) => number) | null {
  const plain = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  switch (sort.replace('-descending', '')) {
    case 'text':
      return plain;
    case 'number':
      return (a, b) => numberIn(a) - numberIn(b) || plain(a, b);
    case 'any-case':
      return (a, b) => plain(a.toLowerCase(), b.toLowerCase()) || plain(a, b);
    case 'natural':
      return new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare;
    default:
      return null;
  }
}

/** Options in the order that the variable asks for. */
export function sortOptions(
  options: readonly VariableOption[],
  sort: VariableSort,
): readonly VariableOption[] {
  const compare = order(sort);
  if (compare === null) return options;
  const sign = sort.endsWith('-descending') ? -1 : 1;
  return [...options].sort((a, b) => sign * compare(a.text, b.text));
}
