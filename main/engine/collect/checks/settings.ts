import type { Check, Expectation } from '#shared/contract/checks.ts';
import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { readRange } from '../probes/thresholds.ts';

/** What is wrong with the settings of a check beyond their shape: ranges, patterns, paths. Null: nothing. */
export async function wrongSettings(check: Check): Promise<AppError | null> {
  for (const [index, { warn, crit }] of check.thresholds.entries()) {
    for (const [name, range] of [
      ['warn', warn],
      ['crit', crit],
    ] as const) {
      if (range === null || readRange(range) !== null) continue;
      const field = `thresholds.${index}.${name}`;
      return appError('BAD_INPUT', { method: 'checks.put', field, why: `"${range}" is no range` }, { field });
    }
  }
  const { what } = check;
  const expectations = what.kind === 'http' || what.kind === 'tcp' ? what.expect : [];
  for (const [index, expectation] of expectations.entries()) {
    const wrong = await wrongExpectation(expectation);
    if (wrong !== null) return { ...wrong, field: `what.expect.${index}` };
  }
  return null;
}

async function wrongExpectation(expectation: Expectation): Promise<AppError | null> {
  if (expectation.kind === 'matches' || expectation.kind === 'matches_not') {
    const { pattern } = expectation;
    const { RE2JS } = await import('re2js');
    try {
      RE2JS.compile(pattern);
    } catch (thrown) {
      return appError('CHECK_PATTERN', { pattern, why: describeThrown(thrown) });
    }
  }
  if (expectation.kind === 'json') {
    const { path } = expectation;
    const { JSONPathEnvironment } = await import('json-p3');
    try {
      new JSONPathEnvironment().compile(path);
    } catch (thrown) {
      return appError('CHECK_JSON_PATH', { path, why: describeThrown(thrown) });
    }
  }
  return null;
}
