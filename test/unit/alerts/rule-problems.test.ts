import { describe, expect, test } from 'vitest';
import type { Host, Target } from '#shared/contract/hosts.ts';
import type { ActiveRuleAlert, LiveRule } from '#shared/contract/rules.ts';
import { createAlertsArea } from '../../../main/engine/alerts/area.ts';
import { emptySnapshot, type SiteSnapshot } from '../../../main/engine/alerts/conditions.ts';
import {
  type HostOfInstance,
  hostsByInstance,
  withHostName,
} from '../../../main/engine/alerts/host-names.ts';
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
const unknown: HostOfInstance = () => undefined;
const FIRING: FiringAlert = { file: 'disk.yml', group: 'disk', alert: ALERT };

test('a problem has the words of its alert, and says so much without any', () => {
  expect(ruleProblem(FIRING, unknown)).toMatchObject({
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
  const bare = ruleProblem(
    {
      ...FIRING,
      alert: { ...ALERT, annotations: {}, labels: { alertname: 'Odd', job: 'x', severity: 'SEV-7' } },
    },
    unknown,
  );
  expect(bare).toMatchObject({ severity: 'warning', sentence: { en: 'Odd (job=x)' } });
  expect(bare.labels).toEqual({ alertname: 'Odd', job: 'x', severity: 'SEV-7' });
  const unnamed = ruleProblem({ ...FIRING, alert: { ...ALERT, labels: { alertname: 'Odd' } } }, unknown);
  expect(unnamed.labels).toEqual({ alertname: 'Odd', severity: 'warning' });
  expect(bare.id).not.toBe(ruleProblem(FIRING, unknown).id);
});

test('annotations that name their language are told in it, the others in both', () => {
  const annotations = {
    summary: 'disk 91% full',
    summary_zh: '磁盘 91% 已满',
    description_en: 'Free some space.',
    runbook_url: 'notes/disk',
  };
  expect(ruleProblem({ ...FIRING, alert: { ...ALERT, annotations } }, unknown)).toMatchObject({
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
    // The first look after a start is told, whatever it finds.
    { raised: 0, ended: 0 },
    { raised: 0, ended: 1 },
  ]);
  after.close();
});

describe('hosts by their names', () => {
  const host = { id: 'h1', name: '支付应用', address: '10.0.0.2', tier: 'business' } as Host;
  const target = (hostId: string, address: string, instance?: string): Target =>
    ({ hostId, config: { address, labels: instance === undefined ? {} : { instance } } }) as Target;

  test('an instance is the host of its target, by its label too, else the host of its address', () => {
    const other = { ...host, id: 'h2', name: 'b' };
    const hostOf = hostsByInstance(
      [other, host],
      [target('h2', '10.0.0.2:9200', 'db:1'), target('h1', '10.0.0.2:9100')],
    );
    expect(hostOf('10.0.0.2:9100')?.id).toBe('h1');
    expect(hostOf('10.0.0.2:9200')?.id).toBe('h2');
    expect(hostOf('db:1')?.id).toBe('h2');
    expect(hostOf('10.0.0.3:9100')).toBeUndefined();
    // An address that two hosts share says nothing by itself.
    expect(hostOf('10.0.0.2:80')).toBeUndefined();
    expect(hostsByInstance([host], [])('10.0.0.2:80')?.id).toBe('h1');
    expect(hostsByInstance([{ ...host, address: 'fe80::1' }], [])('[fe80::1]:80')?.id).toBe('h1');
  });

  test('the alert of a rule names the host first, its address second, and is labelled by it', () => {
    const hostOf = hostsByInstance([host], [target('h1', '10.0.0.2:9100')]);
    const about = (summary: string | null, labels = {}) =>
      ruleProblem(
        {
          ...FIRING,
          alert: {
            ...ALERT,
            annotations: summary === null ? {} : { summary },
            labels: { alertname: 'Odd', instance: '10.0.0.2:9100', ...labels },
          },
        },
        hostOf,
      );
    expect(about('10.0.0.2:9100 的内存已用 96%')).toMatchObject({
      sentence: { zh: '支付应用（10.0.0.2:9100）的内存已用 96%' },
      labels: { host: '支付应用', instance: '10.0.0.2:9100' },
      alert: { labels: { alertname: 'Odd', instance: '10.0.0.2:9100' } },
    });
    expect(about('memory is short').sentence.en).toBe('支付应用 (10.0.0.2:9100): memory is short');
    expect(about(null, { job: 'node' }).sentence.en).toBe('支付应用 (10.0.0.2:9100): Odd (job=node)');
    // What the rule itself says of its host stands.
    expect(about('db is slow', { host: 'db' })).toMatchObject({
      sentence: { en: 'db is slow' },
      labels: { host: 'db' },
    });
  });

  test('a part of a longer address or name is not taken for it, the end of a sentence is', () => {
    const named = (text: string) => withHostName({ zh: text, en: text }, 'app-1', '10.0.0.2:91').en;
    expect(named('110.0.0.2:9100 is odd')).toBe('app-1 (10.0.0.2:91): 110.0.0.2:9100 is odd');
    expect(named('see 10.0.0.2:91.')).toBe('see app-1 (10.0.0.2:91).');
    expect(named('“10.0.0.2:91”：满')).toBe('“app-1 (10.0.0.2:91)”：满');
    expect(named('app-10 is not it')).toBe('app-1 (10.0.0.2:91): app-10 is not it');
    expect(named('app-1: down')).toBe('app-1: down');
    expect(withHostName({ zh: 'app-1:9100 满', en: 'x' }, 'app-1', 'app-1:9100').zh).toBe('app-1:9100 满');
  });
});
