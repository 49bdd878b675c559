import { expect, test } from 'vitest';
import type { ActiveRuleAlert, LiveRule } from '#shared/contract/rules.ts';
import { createAlertsArea } from '../../../main/engine/alerts/area.ts';
import { emptySnapshot, type SiteSnapshot } from '../../../main/engine/alerts/conditions.ts';
import { type FiringAlert, ruleProblem } from '../../../main/engine/alerts/rule-conditions.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const START = 1_700_000_000_000;

const ALERT: ActiveRuleAlert = {
  labels: { alertname: 'DiskFull', instance: 'app-2:9100', severity: 'page' },
  annotations: { summary: '磁盘 91% 已满', description: 'Free some space.' },
  state: 'firing',
  activeAt: START - 600_000,
  keepFiringSince: null,
  value: '9.1e+01',
};
const FIRING: FiringAlert = { file: 'disk.yml', group: 'disk', alert: ALERT };

test('a problem has the words of its alert, and says so much without any', () => {
  expect(ruleProblem(FIRING)).toMatchObject({
    condition: 'DiskFull',
    severity: 'critical',
    since: START - 600_000,
    sentence: { zh: '磁盘 91% 已满', en: '磁盘 91% 已满' },
    next: { en: 'Free some space.' },
    alert: {
      labels: ALERT.labels,
      annotations: ALERT.annotations,
      activeAt: START - 600_000,
      value: '9.1e+01',
    },
  });
  const bare = ruleProblem({
    ...FIRING,
    alert: { ...ALERT, annotations: {}, labels: { alertname: 'Odd', job: 'x', severity: 'SEV-7' } },
  });
  expect(bare).toMatchObject({ severity: 'warning', sentence: { en: 'Odd (job=x)' } });
  expect(bare.labels).toEqual({ alertname: 'Odd', job: 'x', severity: 'SEV-7' });
  const unnamed = ruleProblem({ ...FIRING, alert: { ...ALERT, labels: { alertname: 'Odd' } } });
  expect(unnamed.labels).toEqual({ alertname: 'Odd', severity: 'warning' });
  expect(bare.id).not.toBe(ruleProblem(FIRING).id);
});

test('annotations that name their language are told in it, the others in both', () => {
  const annotations = {
    summary: 'disk 91% full',
    summary_zh: '磁盘 91% 已满',
    description_en: 'Free some space.',
    runbook_url: 'notes/disk',
  };
  expect(ruleProblem({ ...FIRING, alert: { ...ALERT, annotations } })).toMatchObject({
    sentence: { zh: '磁盘 91% 已满', en: 'disk 91% full' },
    next: { zh: 'notes/disk', en: 'Free some space.' },
  });
});

/** A site of which nothing else is known. */
function site(now: number, alerts: readonly ActiveRuleAlert[]): SiteSnapshot {
  const rule: LiveRule = {
    kind: 'alerting',
    name: 'DiskFull',
    expr: 'x',
    labels: {},
    annotations: {},
    forMs: 0,
    keepFiringForMs: 0,
    health: 'ok',
    state: 'firing',
    lastEvaluation: now,
    evaluationMs: 1,
    lastError: null,
    alerts: [...alerts],
  };
  const totals = { rounds: 1, evaluations: 1, failures: 0 };
  const group = { file: 'disk.yml', name: 'disk', intervalMs: 15_000, limit: 0, lastEvaluation: now };
  return {
    ...emptySnapshot(now),
    ruleGroups: [{ ...group, evaluationMs: 1, missed: 0, totals, rules: [rule] }],
  };
}

test('an alert is raised, kept over a restart until its group knows better, and ended', async () => {
  const path = `${temporaryFolder()}/console.db`;
  const time = fakeTime(START);
  const told: { raised: number; ended: number }[] = [];
  const open = () => {
    const db = openWritable(path, { migrations: consoleMigrations, synchronous: 'FULL' });
    if (!db.ok) throw new Error(db.error.message.en);
    const area = createAlertsArea({
      db: db.value,
      ...time,
      logger: silentLogger,
      broadcast: (event, payload) => {
        if (event !== 'alerts.changed' || !('raised' in payload)) return;
        told.push({ raised: payload.raised.length, ended: payload.ended.length });
      },
    });
    const close = (): void => {
      area.close();
      db.value.close();
    };
    return { area, close };
  };
  let firing: readonly ActiveRuleAlert[] = [ALERT];
  const before = open();
  before.area.start(
    async () => site(time.clock.now(), firing),
    () => true,
  );
  await before.area.look();
  await new Promise((resolve) => setImmediate(resolve));
  const [raised] = before.area.problems();
  expect(raised).toMatchObject({ condition: 'DiskFull', alert: { value: '9.1e+01' } });
  before.close();

  firing = [];
  let settled = false;
  const after = open();
  // Read back from console.db.
  expect(after.area.problems()).toEqual([raised]);
  after.area.start(
    async () => site(time.clock.now(), firing),
    () => settled,
  );
  const look = async (): Promise<void> => {
    time.advance(5_000);
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  await look();
  expect(after.area.problems()).toHaveLength(1);
  settled = true;
  await look();
  expect(after.area.problems()).toEqual([]);
  expect(told).toEqual([
    { raised: 1, ended: 0 },
    { raised: 0, ended: 1 },
  ]);
  after.close();
});
