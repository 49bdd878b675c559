import { describe, expect, test } from 'vitest';
import { driftBetween, fingerprint } from '../../../main/engine/recovery/fingerprint.ts';
import { dueDrills, nextDrill, stampOf } from '../../../main/engine/recovery/stamp.ts';
import { runbook } from '../../helpers/runbook.ts';
import { drill, plan, rule } from './facts.ts';

const DAY = 86_400_000;
const item = { id: 'e1', kind: 'contact', name: '张三', detail: '', reach: '110', place: '' } as const;

function covered(change: Partial<Parameters<typeof fingerprint>[0]> = {}) {
  return fingerprint({
    plan: plan(),
    runbooks: [runbook()],
    environment: [item],
    version: '1.2.3',
    ...change,
  });
}

describe('what a stamp vouches for', () => {
  test('nothing changed: no drift, whatever the order', () => {
    const reordered = covered({
      plan: plan({ spec: { targetDir: '/backup', sources: ['/srv'], name: 'core' } }),
    });
    expect(driftBetween(covered(), reordered)).toEqual([]);
  });

  test.each([
    [
      'a setting of the plan',
      { plan: plan({ spec: { name: 'core', sources: ['/etc'], targetDir: '/backup' } }) },
      'plan',
      'sources',
      'changed',
    ],
    ['a runbook', { runbooks: [runbook({ owner: '李四' })] }, 'runbook', 'rb', 'changed'],
    ['a runbook that is gone', { runbooks: [] }, 'runbook', 'rb', 'removed'],
    ['a new contact', { environment: [item, { ...item, id: 'e2' }] }, 'environment', 'e2', 'added'],
    ['another major version', { version: '2.0.0' }, 'version', 'major', 'changed'],
  ] as const)('%s is named', (_what, change, what, key, how) => {
    expect(driftBetween(covered(), covered(change))).toEqual([expect.objectContaining({ what, key, how })]);
  });

  test('a minor version, and a runbook of another plan, do not void it', () => {
    const other = covered({
      version: '1.9.0',
      runbooks: [runbook(), runbook({ id: 'x', plans: ['logs'] })],
    });
    expect(driftBetween(covered(), other)).toEqual([]);
  });
});

describe('the stamp of a plan', () => {
  const facts = { plan: 'core', rule: null, drills: [], covered: covered(), createdAt: 0, now: 20 * DAY };
  const passed = drill({ fingerprint: covered(), finishedAt: 10 * DAY });

  test('never drilled; then overdue once a rule says so', () => {
    expect(stampOf(facts).state).toBe('never');
    expect(stampOf({ ...facts, rule: rule({ everyDays: 7 }) }).state).toBe('overdue');
  });

  test('valid, until what it covers changes', () => {
    expect(stampOf({ ...facts, drills: [passed] }).state).toBe('valid');
    const now = stampOf({ ...facts, drills: [passed], covered: covered({ environment: [] }) });
    expect(now.state).toBe('void');
    expect(now.drift).toEqual([{ what: 'environment', key: 'e1', name: '张三', how: 'removed' }]);
  });

  test('the newest that came to an end decides; one that was cancelled says nothing', () => {
    const failed = drill({ id: 'f', state: 'failed' });
    expect(stampOf({ ...facts, drills: [failed, passed] }).state).toBe('failed');
    const cut = drill({ id: 'c', state: 'interrupted' });
    expect(stampOf({ ...facts, drills: [cut, passed] }).state).toBe('valid');
  });

  test('too old is overdue; a clock that was set back is not', () => {
    const drills = [passed];
    expect(stampOf({ ...facts, drills, rule: rule({ everyDays: 9 }) }).state).toBe('overdue');
    expect(stampOf({ ...facts, drills, rule: rule({ everyDays: 11 }) }).state).toBe('valid');
    expect(stampOf({ ...facts, drills, rule: rule({ everyDays: 1 }), now: 5 * DAY }).state).toBe('valid');
  });
});

describe('schedules', () => {
  const at = new Date(2026, 0, 1, 12).getTime();

  test('one that was missed several times is due once', () => {
    const daily = { plan: 'core', schedule: '0 3 * * *', since: at };
    expect(dueDrills([daily], at + 3_600_000)).toEqual([]);
    expect(dueDrills([daily], at + 9 * DAY)).toEqual(['core']);
    expect(dueDrills([{ ...daily, since: at + 9 * DAY }], at + 9 * DAY)).toEqual([]);
  });

  test('a start in the future counts as now, and by hand is never due', () => {
    expect(dueDrills([{ plan: 'core', schedule: '0 3 * * *', since: at + 9 * DAY }], at)).toEqual([]);
    expect(dueDrills([{ plan: 'core', schedule: null, since: 0 }], at)).toEqual([]);
  });

  test('nonsense is refused in words', () => {
    expect(nextDrill('every tuesday', at)).toMatchObject({
      ok: false,
      error: { code: 'DRILL_SCHEDULE_INVALID' },
    });
  });
});
