import { expect, test } from 'vitest';
import { appError } from '#shared/errors/index.ts';
import { emptySnapshot, findProblems } from '../../../main/engine/alerts/conditions.ts';

test('an output that does not get on is one problem, however its sentence changes', () => {
  const problems = (count: number) =>
    findProblems({
      ...emptySnapshot(0),
      logOutputs: [
        { output: 'es', error: appError('LOG_OUTPUT_EVENTS_REFUSED', { name: 'es', count, why: 'mapping' }) },
      ],
    });
  expect(problems(1)).toMatchObject([
    {
      severity: 'warning',
      labels: { alertname: 'LogOutput', output: 'es', code: 'LOG_OUTPUT_EVENTS_REFUSED' },
    },
  ]);
  expect(problems(2)[0]?.id).toBe(problems(1)[0]?.id);
});
