import type { SelectorNode } from './ast.ts';
import { refuse } from './failure.ts';
import { compileRegex } from './regex.ts';
import type { SeriesMatcher } from './source.ts';
import type { TokenStream } from './token-stream.ts';

const MATCH_OPS = ['=', '!=', '=~', '!~'] as const;

/** A matcher, and whether it accepts a series that lacks the label. */
type Parsed = { readonly matcher: SeriesMatcher; readonly acceptsEmpty: boolean };

function parseMatcher(tokens: TokenStream): Parsed {
  const name = tokens.expect('identifier', 'labelName').text;
  const op = MATCH_OPS.find((candidate) => tokens.is(candidate));
  if (op === undefined) tokens.unexpected('matchOperator');
  tokens.take();
  const at = tokens.peek().at;
  const value = tokens.string();
  const matcher = { name, op, value };
  if (op === '=' || op === '!=') return { matcher, acceptsEmpty: (value === '') === (op === '=') };
  const compiled = compileRegex(value);
  if ('wrong' in compiled) refuse(at, 'BAD_REGEX', { text: compiled.wrong });
  return { matcher, acceptsEmpty: compiled.testExact('') === (op === '=~') };
}

/**
 * Parses `{label="value", …}`, if it is there, behind a metric's name; one of the two must be there.
 *
 * @param name the metric's name, or '' when the selector begins with the brace
 */
export function parseSelector(tokens: TokenStream, name: string, at: number): SelectorNode {
  const matchers: SeriesMatcher[] = [];
  let selects = name !== '';
  if (tokens.takeIf('{')) {
    while (!tokens.is('}')) {
      const labelAt = tokens.peek().at;
      const { matcher, acceptsEmpty } = parseMatcher(tokens);
      if (!acceptsEmpty) selects = true;
      if (name !== '' && matcher.name === '__name__') refuse(labelAt, 'NAME_TWICE', { name });
      matchers.push(matcher);
      if (!tokens.takeIf(',')) break;
    }
    tokens.expect('}');
  }
  if (name !== '') matchers.push({ name: '__name__', op: '=', value: name });
  if (!selects) refuse(at, 'EMPTY_SELECTOR');
  return { kind: 'selector', at, name, matchers, offsetMs: 0, pinned: null };
}
