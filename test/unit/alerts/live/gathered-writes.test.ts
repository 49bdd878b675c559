import { expect, test } from 'vitest';
import { labelsFromRecord } from '#shared/domain/labels.ts';
import { gatherWrites } from '../../../../main/engine/alerts/live/gathered-writes.ts';
import { RuleFault, type VectorElement } from '../../../../main/engine/alerts/rules/evaluate.ts';
import type { WriteSeries } from '../../../../main/engine/alerts/rules/group.ts';
import type { Rule } from '../../../../main/engine/alerts/rules/model.ts';
import { fakeTime } from '../../../helpers/fake-time.ts';

const series = (name: string): VectorElement => ({ labels: labelsFromRecord({ __name__: name }), value: 1 });
const asking = (expr: string): Rule => ({ kind: 'recording', name: 'x', expr, labels: [] });

function gathered(refuse: (name: string) => boolean = () => false) {
  const time = fakeTime(0);
  const commits: string[][] = [];
  const refused: [number, string][] = [];
  const write: WriteSeries = async (_at, given, ended) => {
    const names = given.map(({ labels }) => labels[1] ?? '');
    if (names.some(refuse)) throw new RuleFault(`no room for ${names.find(refuse)}`);
    commits.push([...names, ...ended.map((labels) => `-${labels[1]}`)]);
  };
  const writes = gatherWrites(write, time.timers, (index, why) => refused.push([index, why]));
  return { time, commits, refused, writes };
}

test('what rules give is written together, before any rule that may read it', async () => {
  const { commits, writes } = gathered();
  await writes.writeOf(0)(1, [series('a')], []);
  await writes.before(asking('up == 0'));
  await writes.writeOf(1)(1, [series('b')], []);
  expect(commits).toEqual([]);
  await writes.before(asking('rate(a[5m])'));
  expect(commits).toEqual([['a', 'b']]);
  await writes.writeOf(2)(1, [series('c')], []);
  await writes.before(asking('{job="x"}'));
  await writes.writeOf(3)(1, [series('d')], []);
  await writes.flush();
  await writes.flush();
  expect(commits).toEqual([['a', 'b'], ['c'], ['d']]);
});

test('series that end are written in their order', async () => {
  const { commits, writes } = gathered();
  await writes.writeOf(0)(1, [series('a')], []);
  await writes.writeOf(1)(1, [], [series('a').labels]);
  expect(commits).toEqual([['a'], ['-a']]);
});

test('a slow rule holds up nothing for long', async () => {
  const { time, commits, writes } = gathered();
  await writes.writeOf(0)(1, [series('a')], []);
  time.advance(250);
  expect(commits).toEqual([['a']]);
});

test('what cannot be kept is told of the rule that gave it, and hinders no other', async () => {
  const { commits, refused, writes } = gathered((name) => name === 'b');
  for (const [index, name] of ['a', 'b', 'c'].entries()) await writes.writeOf(index)(1, [series(name)], []);
  await writes.flush();
  expect(commits).toEqual([['a'], ['c']]);
  expect(refused).toEqual([[1, 'no room for b']]);
});
