import { expect, test } from 'vitest';
import { labelsToRecord } from '#shared/domain/labels.ts';
import { targetLabeller } from '../../../main/engine/metrics/target-labels.ts';

const TARGET = { job: 'j', instance: 'i', none: '' };

test.each([
  [{}, { job: 'j', instance: 'i' }],
  [
    { a: 'b', empty: '' },
    { a: 'b', job: 'j', instance: 'i' },
  ],
  [{ job: 'x' }, { exported_job: 'x', job: 'j', instance: 'i' }],
  [
    { job: 'x', exported_job: 'y' },
    { exported_exported_job: 'x', exported_job: 'y', job: 'j', instance: 'i' },
  ],
  [
    { job: '', exported_job: 'y' },
    { exported_job: 'y', job: 'j', instance: 'i' },
  ],
])('without honor_labels %j becomes %j', (exposed, expected) => {
  const labels = targetLabeller(TARGET, false).sample([['__name__', 'm'], ...Object.entries(exposed)]);
  expect(labelsToRecord(labels)).toEqual({ __name__: 'm', ...expected });
});

test.each([
  [{ job: 'x' }, { job: 'x', instance: 'i' }],
  [{ job: '', instance: 'y' }, { instance: 'y' }],
  [{ a: 'b' }, { a: 'b', job: 'j', instance: 'i' }],
])('with honor_labels %j becomes %j', (exposed, expected) => {
  const labels = targetLabeller(TARGET, true).sample([['__name__', 'm'], ...Object.entries(exposed)]);
  expect(labelsToRecord(labels)).toEqual({ __name__: 'm', ...expected });
});

test('series about the scrape carry the target labels', () => {
  expect(labelsToRecord(targetLabeller(TARGET, false).report('up'))).toEqual({
    __name__: 'up',
    job: 'j',
    instance: 'i',
  });
});
