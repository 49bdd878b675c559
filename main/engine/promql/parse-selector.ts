import { RE2JS } from 're2js';
import { describeThrown } from '#shared/errors/index.ts';
import type { SelectorNode } from './ast.ts';
import { refuse } from './failure.ts';
import type { SeriesMatcher } from './source.ts';
import type { TokenStream } from './token-stream.ts';

const MATCH_OPS = ['=', '!=', '=~', '!~'] as const;

/** Whether a matcher accepts a series that lacks the label. */
function acceptsEmpty(matcher: SeriesMatcher): boolean {
  switch (matcher.op) {
    case '=':
      return matcher.value === '';
    case '!=':
      return matcher.value !== '';
    case '=~':
      return RE2JS.compile(matcher.value).testExact('');
    case '!~':
      return !RE2JS.compile(matcher.value).testExact('');
  }
}

function parseMatcher(tokens: TokenStream): SeriesMatcher {
  const name = tokens.expect('identifier', 'labelName').text;
  const op = MATCH_OPS.find((candidate) => tokens.is(candidate));
  if (op === undefined) tokens.unexpected('matchOperator');
  tokens.take();
  const at = tokens.peek().at;
  const value = tokens.string();
  if (op === '=~' || op === '!~') {
    try {
      RE2JS.compile(value);
    } catch (thrown) {
      refuse(at, 'BAD_REGEX', { text: describeThrown(thrown) });
    }
  }
  return { name, op, value };
}

/**
 * Parses `{label="value", …}`, if it is there, behind a metric's name; one of the two must be there.
 *
 * @param name the metric's name, or '' when the selector begins with the brace
 */
export function parseSelector(tokens: TokenStream, name: string, at: number): SelectorNode {
  const matchers: SeriesMatcher[] = [];
  if (tokens.takeIf('{')) {
    while (!tokens.is('}')) {
      const labelAt = tokens.peek().at;
      const matcher = parseMatcher(tokens);
      if (name !== '' && matcher.name === '__name__') refuse(labelAt, 'NAME_TWICE', { name });
      matchers.push(matcher);
      if (!tokens.takeIf(',')) break;
    }
    tokens.expect('}');
  }
  if (name !== '') matchers.push({ name: '__name__', op: '=', value: name });
  if (matchers.every(acceptsEmpty)) refuse(at, 'EMPTY_SELECTOR');
  return { kind: 'selector', at, name, matchers, offsetMs: 0, pinned: null };
}
