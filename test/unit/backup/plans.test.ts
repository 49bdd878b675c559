import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import { Catalogue, type NewPoint, type PlanSpec } from '../../../main/engine/backup/catalogue.ts';
import { contentReasons } from '../../../main/engine/backup/plans/changes.ts';
import { PlanStore } from '../../../main/engine/backup/plans/plan-store.ts';
import {
  addPlan as add,
  judgePlan,
  newestVerified,
  removePlan,
  updatePlan,
} from '../../../main/engine/backup/plans/plans.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { emptyReport } from '../../helpers/backup-report.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

function setUp() {
  const dir = temporaryFolder('plans');
  const opened = openWritable(join(dir, 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'FULL',
  });
  if (!opened.ok) throw new Error(opened.error.message.en);
  const source = join(dir, 'source');
  mkdirSync(source);
  const spec: PlanSpec = backupPlanInputSchema.parse({
    name: 'core',
    sources: [source],
    targetDir: join(dir, 'target'),
    rpoMs: 1000,
  });
  const catalogue = new Catalogue(opened.value);
  const store = new PlanStore(opened.value);
  return { dir, spec, catalogue, deps: (now: number) => ({ catalogue, store, now, who: 'night' }), store };
}

type SetUp = ReturnType<typeof setUp>;
const addPlan = ({ deps }: SetUp, spec: PlanSpec) => add(spec, deps(0));

const newPoint = (id: string, extra: Partial<NewPoint> = {}): NewPoint => ({
  id,
  plan: 'core',
  type: 'full',
  parentId: null,
  baseId: null,
  startedAt: 500,
  finishedAt: 600,
  archivePath: `/t/${id}`,
  archiveBytes: 1,
  manifestSha256: 'a'.repeat(64),
  state: 'complete',
  verifiedAt: 700,
  verifyError: null,
  report: emptyReport,
  ...extra,
});

describe('backup plans', () => {
  it.each<readonly [string, (spec: PlanSpec, dir: string) => Partial<PlanSpec>, string, string]>([
    ['a relative source', () => ({ sources: ['data'] }), 'BACKUP_PATH_NOT_ABSOLUTE', 'sources.0'],
    [
      'a source that is not there',
      (spec) => ({ sources: [...spec.sources, '/no/such'] }),
      'BACKUP_SOURCE_MISSING',
      'sources.1',
    ],
    ['a relative target', () => ({ targetDir: 'backups' }), 'BACKUP_PATH_NOT_ABSOLUTE', 'targetDir'],
    [
      'a target that is the source',
      (spec) => ({ targetDir: spec.sources[0] ?? '' }),
      'BACKUP_TARGET_IS_SOURCE',
      'targetDir',
    ],
    [
      'a target below a file',
      (_spec, dir) => ({ targetDir: join(dir, 'console.db', 'x') }),
      'BACKUP_TARGET_MISSING',
      'targetDir',
    ],
    [
      'a schedule that is none',
      () => ({
        schedules: [
          { cron: '0 1 * * *', type: 'full' },
          { cron: 'at night', type: 'full' },
        ],
      }),
      'BACKUP_SCHEDULE_INVALID',
      'schedules.1.cron',
    ],
  ])('are refused whole with %s, naming the field', (_name, change, code, field) => {
    const made = setUp();
    const { dir, spec, catalogue } = made;
    const added = addPlan(made, { ...spec, ...change(spec, dir) });
    expect(added.ok ? '' : [added.error.code, added.error.field]).toEqual([code, field]);
    expect(catalogue.plans()).toEqual([]);
  });

  it('have one name each', () => {
    const made = setUp();
    expect(addPlan(made, made.spec).ok).toBe(true);
    const again = addPlan(made, made.spec);
    expect(again.ok ? '' : again.error.code).toBe('BACKUP_PLAN_EXISTS');
  });

  it('are judged by the age of the last verified point that is there', () => {
    const made = setUp();
    const { spec, catalogue } = made;
    addPlan(made, spec);
    const judge = (now: number): string => {
      const plan = catalogue.plan('core');
      if (plan === null) throw new Error('no plan');
      return judgePlan(plan, catalogue.points('core'), now).state;
    };
    expect(judge(600)).toBe('never');
    catalogue.addPoint(newPoint('a', { verifiedAt: null }));
    expect(judge(600)).toBe('broken');
    catalogue.addPoint(newPoint('b'));
    expect(judge(1500)).toBe('ok');
    expect(judge(1501)).toBe('late');
    catalogue.setPointState('b', 'missing');
    expect(judge(600)).toBe('broken');
  });

  it('know the newest point by the order in which it was seen, whatever the clock said', () => {
    const { catalogue } = setUp();
    catalogue.addPoint(newPoint('first', { startedAt: 9_999_999 }));
    catalogue.addPoint(newPoint('second', { startedAt: 5 }));
    expect(newestVerified(catalogue.points())?.id).toBe('second');
    expect(catalogue.points('core').map((point) => point.id)).toEqual(['second', 'first']);
  });

  it('keep their points when they are removed', () => {
    const made = setUp();
    const { spec, catalogue } = made;
    addPlan(made, spec);
    catalogue.addPoint(newPoint('a'));
    expect(catalogue.removePlan('core')).toBe(true);
    expect(catalogue.removePlan('core')).toBe(false);
    expect(catalogue.points()).toHaveLength(1);
  });

  it('are changed with the same checks, and who changed what is written down', () => {
    const made = setUp();
    const { spec, dir, catalogue, deps, store } = made;
    addPlan(made, spec);
    const logs = join(dir, 'logs');
    mkdirSync(logs);
    const wider = { ...spec, sources: [...spec.sources, logs], rpoMs: 2000 };
    expect(updatePlan(wider, deps(50))).toEqual({ ok: true, value: { changed: ['rpoMs', 'sources'] } });
    expect(catalogue.plan('core')?.spec).toEqual(wider);
    expect(updatePlan(wider, deps(60))).toEqual({ ok: true, value: { changed: [] } });
    const refused = updatePlan({ ...wider, sources: ['/no/such'] }, deps(70));
    expect(refused.ok ? '' : [refused.error.code, refused.error.field]).toEqual([
      'BACKUP_SOURCE_MISSING',
      'sources.0',
    ]);
    expect(catalogue.plan('core')?.spec).toEqual(wider);
    const unknown = updatePlan({ ...wider, name: 'other' }, deps(80));
    expect(unknown.ok ? '' : unknown.error.code).toBe('BACKUP_PLAN_MISSING');
    removePlan('core', deps(90));
    expect(store.history('core', 10).map(({ kind, at, who }) => [kind, at, who])).toEqual([
      ['removed', 90, 'night'],
      ['changed', 50, 'night'],
      ['added', 0, 'night'],
    ]);
    expect(store.history('core', 10)[1]?.fields).toEqual([
      { name: 'rpoMs', before: 1000, after: 2000 },
      { name: 'sources', before: spec.sources, after: wider.sources },
    ]);
  });

  it('keep a source whose disk is away when something else is changed', () => {
    const made = setUp();
    addPlan(made, made.spec);
    rmSync(join(made.dir, 'source'), { recursive: true });
    expect(updatePlan({ ...made.spec, rpoMs: 5 }, made.deps(1)).ok).toBe(true);
  });

  it('count their schedules from the moment they were changed, and from no other change', () => {
    const made = setUp();
    const { spec, deps, store } = made;
    addPlan(made, spec);
    updatePlan({ ...spec, rpoMs: 5 }, deps(10));
    expect(store.schedulesSince('core')).toBe(0);
    updatePlan({ ...spec, schedules: [{ cron: '0 1 * * *', type: 'full' }] }, deps(20));
    expect(store.schedulesSince('core')).toBe(20);
  });

  it('tell the next run what was changed in what it backs up', () => {
    const made = setUp();
    const { spec, dir, deps, store } = made;
    addPlan(made, spec);
    mkdirSync(join(dir, 'logs'));
    updatePlan({ ...spec, sources: [join(dir, 'logs')], exclude: ['*.tmp'] }, deps(50));
    updatePlan({ ...spec, sources: [join(dir, 'logs')], exclude: [] }, deps(60));
    const reasons = contentReasons(store.history('core', 10), 40);
    expect(reasons).toEqual([
      {
        zh: `自上次运行以来，备份内容有改动：增加 ${join(dir, 'logs')}；去掉 ${spec.sources[0]}。`,
        en: `What is backed up was changed since the last run: added ${join(dir, 'logs')}; no longer ${spec.sources[0]}.`,
      },
    ]);
    expect(contentReasons(store.history('core', 10), 55)).toEqual([
      expect.objectContaining({ en: 'What is excluded was changed since the last run: no longer *.tmp.' }),
    ]);
    expect(contentReasons(store.history('core', 10), 60)).toEqual([]);
    expect(contentReasons(store.history('core', 10), null)).toEqual([]);
  });

  it('made before there were several schedules have their one in the list', () => {
    const dir = temporaryFolder('plans-old');
    const path = join(dir, 'console.db');
    const before = openWritable(path, { migrations: consoleMigrations.slice(0, 11), synchronous: 'FULL' });
    if (!before.ok) throw new Error(before.error.message.en);
    const insert = before.value.prepare(
      'INSERT INTO backup_plan (id, name, spec, created_at) VALUES (?, ?, json(?), 7)',
    );
    const old = { sources: ['/srv'], targetDir: '/backup' };
    insert.run(
      '1',
      'timed',
      JSON.stringify({ name: 'timed', ...old, schedule: '30 2 * * *', scheduleType: 'incremental' }),
    );
    insert.run('2', 'by-hand', JSON.stringify({ name: 'by-hand', ...old, schedule: null }));
    insert.run('3', 'first', JSON.stringify({ name: 'first', ...old, schedule: '0 1 * * *' }));
    before.value.close();
    const opened = openWritable(path, { migrations: consoleMigrations, synchronous: 'FULL' });
    if (!opened.ok) throw new Error(opened.error.message.en);
    const catalogue = new Catalogue(opened.value);
    expect(catalogue.plans().map(({ spec }) => [spec.name, spec.schedules])).toEqual([
      ['by-hand', []],
      ['first', [{ cron: '0 1 * * *', type: 'full' }]],
      ['timed', [{ cron: '30 2 * * *', type: 'incremental' }]],
    ]);
    expect(new PlanStore(opened.value).schedulesSince('timed')).toBe(7);
    opened.value.close();
  });
});
