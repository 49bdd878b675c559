import { describe, expect, test } from 'vitest';
import { countCheck, countVitest, total } from '../../../scripts/lib/test-count.ts';

const file = { status: 'passed', assertionResults: [{}] };

describe('counting a Vitest report', () => {
  test('all passed', () => {
    const report = { numTotalTests: 3, numPassedTests: 3, testResults: [file] };
    expect(countVitest(report, 0)).toEqual({ passed: 3, failed: 0 });
  });

  test('skipped and to-do tests count as failed', () => {
    const report = {
      numTotalTests: 5,
      numPassedTests: 3,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [file],
    };
    expect(countVitest(report, 0)).toEqual({ passed: 3, failed: 2 });
  });

  test('a file that could not be loaded is one failure', () => {
    const broken = { status: 'failed', assertionResults: [] };
    const report = { numTotalTests: 2, numPassedTests: 2, testResults: [file, broken] };
    expect(countVitest(report, 1)).toEqual({ passed: 2, failed: 1 });
  });

  test('a runner that fails although every test passed is one failure', () => {
    const report = { numTotalTests: 2, numPassedTests: 2, testResults: [file] };
    expect(countVitest(report, 1)).toEqual({ passed: 2, failed: 1 });
    expect(countVitest(report, null)).toEqual({ passed: 2, failed: 1 });
  });

  test('no tests, no report and a foreign report are failures', () => {
    const empty = { numTotalTests: 0, numPassedTests: 0, testResults: [] };
    expect(countVitest(empty, 0)).toEqual({ passed: 0, failed: 1 });
    expect(countVitest(undefined, 0)).toEqual({ passed: 0, failed: 1 });
    expect(countVitest({ tests: 4 }, 0)).toEqual({ passed: 0, failed: 1 });
  });
});

test('checks count one, and all are added up', () => {
  expect(countCheck(0)).toEqual({ passed: 1, failed: 0 });
  expect(countCheck(2)).toEqual({ passed: 0, failed: 1 });
  expect(countCheck(null)).toEqual({ passed: 0, failed: 1 });
  expect(total([countCheck(0), { passed: 4, failed: 2 }])).toEqual({ passed: 5, failed: 2 });
});
