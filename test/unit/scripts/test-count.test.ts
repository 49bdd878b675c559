import { describe, expect, test } from 'vitest';
import { countCheck, countVitest, failures, total } from '../../../scripts/lib/test-count.ts';

const passed = { fullName: 'counts', status: 'passed' };
const file = { name: 'a.test.ts', status: 'passed', assertionResults: [passed] };

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
    const broken = { name: 'b.test.ts', status: 'failed', assertionResults: [] };
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

test('what did not pass is named with the beginning of its message', () => {
  const long = Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\n');
  const report = {
    numTotalTests: 3,
    numPassedTests: 1,
    testResults: [
      file,
      {
        name: 'b.test.ts',
        status: 'failed',
        assertionResults: [
          passed,
          { fullName: 'adds up', status: 'failed', failureMessages: [long] },
          { fullName: 'waits', status: 'skipped' },
        ],
      },
      { name: 'c.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
    ],
  };
  const [added = '', waits, unloaded, ...more] = failures(report);
  expect(added).toContain('b.test.ts: adds up (failed)\n    line 0\n    line 1');
  expect(added).not.toContain('line 20');
  expect(waits).toContain('b.test.ts: waits (skipped)');
  expect(unloaded).toBe('c.test.ts\n    no such module');
  expect(more).toEqual([]);
  expect(failures(undefined)).toEqual([]);
});

test('checks count one, and all are added up', () => {
  expect(countCheck(0)).toEqual({ passed: 1, failed: 0 });
  expect(countCheck(2)).toEqual({ passed: 0, failed: 1 });
  expect(countCheck(null)).toEqual({ passed: 0, failed: 1 });
  expect(total([countCheck(0), { passed: 4, failed: 2 }])).toEqual({ passed: 5, failed: 2 });
});
