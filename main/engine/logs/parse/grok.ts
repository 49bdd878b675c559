import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { GROK_PATTERNS } from './grok-patterns.ts';
import { firstMissing, type Mismatch } from './mismatch.ts';
import { compileRuby } from './ruby-pattern.ts';

/** What a field's value is to be read as: `%{NUMBER:bytes:int}`. */
export type GrokType = 'int' | 'float';

/** A grok pattern that is ready to be used; it never throws, and its time grows with the text only. */
export type CompiledGrok = {
  /** Names of the fields it can give, each once, in their order; `[a][b]` is written `a.b`. */
  readonly fields: readonly string[];
  readonly types: ReadonlyMap<string, GrokType>;
  /** The captured fields of the first match anywhere in the text; null when there is none. Groups that took no part are left out. */
  readonly match: (text: string) => Readonly<Record<string, string>> | null;
  /** Where a text that does not match stops matching. */
  readonly explain: (text: string) => Mismatch;
};

/** Larger programs would make every line slow. */
const MAX_PROGRAM = 10_000;
const MAX_EXPANDED = 50_000;
const MAX_DEPTH = 20;
/** RE2 is linear in the line's length, with a large factor; longer lines are matched by their beginning. */
const MAX_MATCHED = 16_384;

const REFERENCE = /%\{([A-Za-z0-9_]+)(?::([^:}]+))?(?::([A-Za-z]+))?\}/g;
const OWN_GROUP = /\(\?P?<([A-Za-z_][\w.@[\]-]*)>/g;
const FIELD_NAME = /^(?:[\w@.-]+|(?:\[[\w@.-]+\])+)$/;

/** Why a pattern cannot be used; thrown inside, answered as GROK_INVALID. */
class GrokProblem extends Error {}

/**
 * Compiles a grok pattern: `%{NAME}`, `%{NAME:field}` and `%{NAME:field:int}` around RE2 syntax, named groups included;
 * anchors and `(?m)` mean what they mean in Ruby.
 *
 * @param definitions further patterns by name; they go before the built-in ones
 * @returns GROK_UNKNOWN, with the name that nothing defines, or GROK_INVALID
 */
export function compileGrok(
  pattern: string,
  definitions: ReadonlyMap<string, string> = new Map(),
): Result<CompiledGrok> {
  const groups: string[] = [];
  const types = new Map<string, GrokType>();
  try {
    const source = expand(pattern, definitions, groups, types);
    const compiled = compileRuby(source);
    if (compiled.programSize > MAX_PROGRAM) throw new GrokProblem('the expression is too large');
    const known = compiled.namedGroups;
    // What looks like a group inside a set of characters is none.
    const real = groups
      .map((name, index) => ({ name, group: `g${index}` }))
      .filter(({ group }) => Object.hasOwn(known, group));
    const match = (text: string): Record<string, string> | null => {
      const matcher = compiled.matcher(text.length > MAX_MATCHED ? text.slice(0, MAX_MATCHED) : text);
      if (!matcher.find()) return null;
      const fields: Record<string, string> = {};
      for (const { name, group } of real) {
        const value = matcher.group(group);
        // The first group of a name that took part counts, as in alternatives of one field.
        if (value !== null && !Object.hasOwn(fields, name)) setField(fields, name, value);
      }
      return fields;
    };
    return ok({
      fields: [...new Set(real.map(({ name }) => name))],
      types,
      match,
      explain: (text) =>
        firstMissing(pattern, text, (part) => compileRuby(expand(part, definitions, [], new Map()))),
    });
  } catch (thrown) {
    if (thrown instanceof UnknownName)
      return err(appError('GROK_UNKNOWN', { name: thrown.message, pattern }, { field: 'format' }));
    return err(appError('GROK_INVALID', { pattern, why: describeThrown(thrown) }, { field: 'format' }));
  }
}

/** A grok pattern as an expression of RE2, its references replaced; GROK_UNKNOWN or GROK_INVALID as {@link compileGrok}. */
export function grokExpression(pattern: string): Result<string> {
  const compiled = compileGrok(pattern);
  return compiled.ok ? ok(expand(pattern, new Map(), [], new Map())) : compiled;
}

/** Thrown for a name without a definition. */
class UnknownName extends GrokProblem {}

function setField(fields: Record<string, string>, name: string, value: string): void {
  // defineProperty, because a field may be called `__proto__`.
  Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
}

/** `[log][level]` as `log.level`. */
function fieldName(written: string): string {
  if (!FIELD_NAME.test(written)) throw new GrokProblem(`"${written}" is no name of a field`);
  return written.startsWith('[') ? written.slice(1, -1).replaceAll('][', '.') : written;
}

/** Replaces references by their definitions and named groups by numbered ones, whose names are pushed to `groups`. */
function expand(
  pattern: string,
  definitions: ReadonlyMap<string, string>,
  groups: string[],
  types: Map<string, GrokType>,
): string {
  let size = 0;
  const inside = (text: string, depth: number): string => {
    if (depth > MAX_DEPTH) throw new GrokProblem('patterns refer to each other in a circle');
    // Atomic groups and possessive quantifiers only steer backtracking, which this engine does not do.
    const plain = text.replaceAll('(?>', '(?:');
    const open = (name: string): string => {
      groups.push(fieldName(name));
      return `(?P<g${groups.length - 1}>`;
    };
    // Groups of this text first get their numbers where they stand: references are expanded in the same walk.
    let result = '';
    let at = 0;
    const marks = [...plain.matchAll(REFERENCE), ...plain.matchAll(OWN_GROUP)].sort(
      (a, b) => a.index - b.index,
    );
    for (const mark of marks) {
      if (mark.index < at) continue;
      result += plain.slice(at, mark.index);
      at = mark.index + mark[0].length;
      const [, name = '', field, type] = mark;
      if (!mark[0].startsWith('%')) {
        result += open(name);
        continue;
      }
      const definition = definitions.get(name) ?? GROK_PATTERNS.get(name);
      if (definition === undefined) throw new UnknownName(name);
      if (type === 'int' || type === 'float') types.set(fieldName(field ?? ''), type);
      else if (type !== undefined) throw new GrokProblem(`"${type}" is no type; there are int and float`);
      const opening = field === undefined ? '(?:' : open(field);
      result += `${opening}${inside(definition, depth + 1)})`;
    }
    result += plain.slice(at);
    size += result.length;
    if (size > MAX_EXPANDED) throw new GrokProblem('the expression is too large');
    const broken = /%\{[^}]{0,60}\}?/.exec(depth === 0 ? plain.replace(REFERENCE, '') : '');
    if (broken !== null)
      throw new GrokProblem(`"${broken[0]}" is no reference; write %{NAME} or %{NAME:field}`);
    return result;
  };
  return inside(pattern, 0);
}

/**
 * Reads what follows `grok:` in a source's format: the pattern in the first line, definitions (`NAME pattern`) in those
 * after it.
 */
export function compileGrokFormat(text: string): Result<CompiledGrok> {
  const [pattern = '', ...lines] = text.split('\n');
  const definitions = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const parts = /^([A-Za-z0-9_]+)\s+(\S.*)$/.exec(trimmed);
    if (parts === null)
      return err(
        appError(
          'GROK_INVALID',
          { pattern: trimmed, why: `line ${index + 2} is no definition; write NAME and a pattern` },
          { field: 'format' },
        ),
      );
    definitions.set(parts[1] ?? '', parts[2] ?? '');
  }
  return compileGrok(pattern.trim(), definitions);
}
