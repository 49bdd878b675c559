import { RE2JS } from 're2js';

/** A condition on one label. An absent label has the value ''. */
export type LabelMatcher = {
  readonly name: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
};

/** A matcher made ready for many values. */
export type CompiledMatcher = {
  readonly name: string;
  readonly test: (value: string) => boolean;
  /** The one value that matches, if there is only one. */
  readonly only: string | null;
};

/** Regular expressions that are only alternatives of plain words need no engine. */
const PLAIN_ALTERNATIVES = /^[\w\-:/ ]+(?:\|[\w\-:/ ]+)*$/;

function remembered(test: (value: string) => boolean): (value: string) => boolean {
  const seen = new Map<string, boolean>();
  return (value) => {
    let answer = seen.get(value);
    if (answer === undefined) {
      answer = test(value);
      seen.set(value, answer);
    }
    return answer;
  };
}

function anchored(pattern: string): (value: string) => boolean {
  if (pattern === '.*') return (value) => !value.includes('\n');
  if (pattern === '.+') return (value) => value !== '' && !value.includes('\n');
  if (PLAIN_ALTERNATIVES.test(pattern)) {
    const words = new Set(pattern.split('|'));
    return (value) => words.has(value);
  }
  const compiled = RE2JS.compile(pattern);
  return remembered((value) => compiled.testExact(value));
}

/**
 * Compiles a matcher. Regular expressions have RE2's syntax and match the whole value.
 *
 * @throws RE2's syntax error; the query's parser has compiled the expression before and told the user.
 */
export function compileMatcher(matcher: LabelMatcher): CompiledMatcher {
  const { name, value } = matcher;
  switch (matcher.op) {
    case '=':
      return { name, test: (candidate) => candidate === value, only: value };
    case '!=':
      return { name, test: (candidate) => candidate !== value, only: null };
    case '=~': {
      const matches = anchored(value);
      return { name, test: matches, only: null };
    }
    case '!~': {
      const matches = anchored(value);
      return { name, test: (candidate) => !matches(candidate), only: null };
    }
  }
}
