import type { Expectation } from '#shared/contract/checks.ts';
import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { cut } from './steps.ts';

/** A JSON document deeper than this is no answer of an API; reading it would cost the engine's stack. */
const DEEPEST_JSON = 200;

/**
 * Looks whether a text is what it should be.
 *
 * Patterns are RE2, so that no text takes longer than linear time; both libraries are loaded with the first check that needs them.
 *
 * @returns what the first expectation that is not met says, or null when all are
 */
export async function unmet(text: string, expectations: readonly Expectation[]): Promise<AppError | null> {
  for (const expectation of expectations) {
    const why = await failing(text, expectation);
    if (why !== null) return why;
  }
  return null;
}

async function failing(text: string, expectation: Expectation): Promise<AppError | null> {
  switch (expectation.kind) {
    case 'contains':
      return text.includes(expectation.text)
        ? null
        : appError('CHECK_TEXT_MISSING', { text: cut(expectation.text, 200) });
    case 'lacks':
      return text.includes(expectation.text)
        ? appError('CHECK_TEXT_PRESENT', { text: cut(expectation.text, 200) })
        : null;
    case 'matches':
    case 'matches_not': {
      const found = await search(expectation.pattern, text);
      if (typeof found !== 'boolean') return found;
      if (found === (expectation.kind === 'matches')) return null;
      const code = expectation.kind === 'matches' ? 'CHECK_TEXT_MISSING' : 'CHECK_TEXT_PRESENT';
      return appError(code, { text: cut(expectation.pattern, 200) });
    }
    case 'json':
      return jsonFailing(text, expectation);
  }
}

/** Finds an RE2 pattern anywhere in a text; CHECK_PATTERN when it is none. */
async function search(pattern: string, text: string): Promise<boolean | AppError> {
  const { RE2JS } = await import('re2js');
  try {
    return RE2JS.compile(pattern).matcher(text).find();
  } catch (thrown) {
    return appError('CHECK_PATTERN', { pattern: cut(pattern, 200), why: describeThrown(thrown) });
  }
}

type JsonExpectation = Extract<Expectation, { readonly kind: 'json' }>;

async function jsonFailing(text: string, { path, equals }: JsonExpectation): Promise<AppError | null> {
  const { JSONPathEnvironment } = await import('json-p3');
  const { RE2JS } = await import('re2js');
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (thrown) {
    return appError('CHECK_NOT_JSON', { why: describeThrown(thrown) });
  }
  const environment = new JSONPathEnvironment({ maxRecursionDepth: DEEPEST_JSON });
  // The library's own are JavaScript's, which a hostile pattern can hang.
  for (const [name, whole] of [
    ['match', true],
    ['search', false],
  ] as const) {
    const original = environment.functionRegister.get(name);
    if (original === undefined) continue;
    environment.functionRegister.set(name, {
      argTypes: original.argTypes,
      returnType: original.returnType,
      call: (value: unknown, pattern: unknown): boolean => {
        if (typeof value !== 'string' || typeof pattern !== 'string') return false;
        const matcher = RE2JS.compile(pattern).matcher(value);
        return whole ? matcher.matches() : matcher.find();
      },
    });
  }
  try {
    // What the parser made is a JSON value.
    const node = environment.match(path, document as Parameters<typeof environment.match>[1]);
    if (node === undefined) return appError('CHECK_JSON_MISSING', { path });
    const first = node.value;
    const found = typeof first === 'string' ? first : JSON.stringify(first);
    if (equals === null || equals === found || equals === JSON.stringify(first)) return null;
    return appError('CHECK_JSON_OTHER', { path, found: cut(found, 200), expected: equals });
  } catch (thrown) {
    return appError('CHECK_JSON_PATH', { path, why: describeThrown(thrown) });
  }
}
