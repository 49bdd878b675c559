import { expect, test } from 'vitest';
import { starterFiles, starterGroups } from '../../../../main/engine/alerts/authoring/starter/index.ts';
import {
  broughtTexts,
  changeChoice,
  describeStarterSet,
} from '../../../../main/engine/alerts/authoring/starter-set.ts';
import { checkRules, readRuleTests, testRules } from '../../../../main/engine/rule-tools.ts';
import { starterCases } from '../../../fixtures/starter-cases.ts';
import { starterTestFile } from '../../../helpers/starter-tests.ts';

const names = starterGroups.flatMap(({ rules }) => rules.map(({ name }) => name));

test('every rule of the starter set has a name of its own and a case', () => {
  expect(new Set(names).size).toBe(names.length);
  expect(starterCases.map(({ rule }) => rule).toSorted()).toEqual(names.toSorted());
});

test('every rule fires where it should, with its sentences, and nowhere else', async () => {
  const groups = starterFiles(new Map()).flatMap(({ text }) => {
    const read = checkRules(text);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    return read.groups;
  });
  const tests = readRuleTests(starterTestFile(starterCases));
  if (!tests.ok) throw new Error(JSON.stringify(tests.problems));
  expect(await testRules(tests.file, groups)).toEqual([]);
});

test('a rule is switched off, a threshold changed and given back, and one out of bounds refused', () => {
  const off = changeChoice('HostMemoryLow', undefined, { enabled: false });
  const changed = changeChoice('HostLoadHigh', undefined, { values: { perCpu: 4 } });
  if (!off.ok || !changed.ok) throw new Error('refused');
  const choices = new Map([
    ['HostMemoryLow', off.value],
    ['HostLoadHigh', changed.value],
  ]);
  const text = starterFiles(choices)
    .map((file) => file.text)
    .join('');
  expect(text).not.toContain('HostMemoryLow');
  expect(text).toContain('(node_cpu_seconds_total{mode="idle"}) > 4');
  expect(changeChoice('HostLoadHigh', changed.value, { values: { perCpu: null } })).toEqual({
    ok: true,
    value: { enabled: true, values: {} },
  });
  expect(changeChoice('HostLoadHigh', undefined, { values: { perCpu: -1 } })).toMatchObject({
    ok: false,
    error: { code: 'STARTER_VALUE_REFUSED' },
  });
  expect(changeChoice('HostLoadHigh', undefined, { values: { cores: 1 } }).ok).toBe(false);
  expect(changeChoice('Nothing', undefined, { enabled: false })).toMatchObject({
    error: { code: 'NOT_FOUND' },
  });
});

test('what an update changed is told until somebody has seen it, whatever the operator chose', () => {
  const seen = new Map(broughtTexts());
  expect(describeStarterSet(new Map(), seen).rules.every(({ change }) => change === null)).toBe(true);
  seen.set('HostLoadHigh', 'as it was');
  seen.delete('HostIoWait');
  seen.set('Gone', 'a rule of before');
  const after = describeStarterSet(
    new Map([['HostLoadHigh', { enabled: false, values: { perCpu: 9 } }]]),
    seen,
  );
  const changes = after.rules.flatMap(({ name, change }) => (change === null ? [] : [[name, change.kind]]));
  expect(changes).toEqual([
    ['HostLoadHigh', 'changed'],
    ['HostIoWait', 'new'],
  ]);
  expect(after.rules.find(({ name }) => name === 'HostLoadHigh')?.change?.before).toBe('as it was');
  expect(after.removed).toEqual([{ name: 'Gone', before: 'a rule of before' }]);
});
