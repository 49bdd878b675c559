import { z } from 'zod';

/** What a step of the test run counts for. */
export type Count = { readonly passed: number; readonly failed: number };

/** The part of Vitest's JSON report that is counted. */
const reportSchema = z.object({
  numTotalTests: z.number().int().nonnegative(),
  numPassedTests: z.number().int().nonnegative(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/**
 * Counts a Vitest run from its JSON report.
 *
 * Whatever did not pass failed: a skipped test too, because a peer that is missing must never look like success.
 * A file that could not be loaded has no tests to count and is one failure, and so is a runner that found no test,
 * left no report, or ended with an error although every test passed (an unhandled rejection, a crash at the end).
 *
 * @param report the parsed report, or undefined when there is none.
 * @param exitCode null when the runner was killed.
 */
export function countVitest(report: unknown, exitCode: number | null): Count {
  const parsed = reportSchema.safeParse(report);
  if (!parsed.success) return { passed: 0, failed: 1 };
  const { numTotalTests, numPassedTests, testResults } = parsed.data;
  const unloaded = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = numTotalTests - numPassedTests + unloaded;
  const silent = failed === 0 && (exitCode !== 0 || numTotalTests === 0);
  return { passed: numPassedTests, failed: silent ? 1 : failed };
}

/** Lines of one failure that are repeated; more would push the first failures out of a log that is cut at its start. */
const MOST_LINES = 12;

/**
 * What did not pass, each with its file, name and the beginning of its message. It is printed again at the end of a run,
 * because a test that fails once in twenty runs is only ever seen in a log of which the end was kept.
 *
 * @param report the parsed report, or undefined when there is none.
 */
export function failures(report: unknown): readonly string[] {
  const parsed = reportSchema.safeParse(report);
  if (!parsed.success) return [];
  const cut = (text: string): string =>
    text
      .split('\n')
      .slice(0, MOST_LINES)
      .map((line) => `    ${line}`)
      .join('\n');
  return parsed.data.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status !== 'passed');
    const unloaded = file.status === 'failed' && file.assertionResults.length === 0;
    return [
      ...(unloaded ? [`${file.name}\n${cut(file.message ?? '')}`] : []),
      ...failed.map(
        ({ fullName, status, failureMessages }) =>
          `${file.name}: ${fullName} (${status})\n${cut((failureMessages ?? []).join('\n'))}`,
      ),
    ];
  });
}

/** Counts a step that only succeeds or fails. */
export function countCheck(exitCode: number | null): Count {
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Adds up the steps. */
export function total(counts: readonly Count[]): Count {
  return {
    passed: counts.reduce((sum, count) => sum + count.passed, 0),
    failed: counts.reduce((sum, count) => sum + count.failed, 0),
  };
}
