import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import { Catalogue, type NewPoint, type PlanSpec } from '../../../main/engine/backup/catalogue.ts';
import { addPlan, judgePlan, newestVerified } from '../../../main/engine/backup/plans.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
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
  return { dir, spec, catalogue: new Catalogue(opened.value) };
}

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
  report: {
    files: 0,
    directories: 0,
    symlinks: 0,
    hardLinks: 0,
    special: 0,
    bytes: 0,
    storedBytes: 0,
    durationMs: 0,
    excluded: 0,
    skipped: [],
    skippedTotal: 0,
  },
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
    ['a schedule that is none', () => ({ schedule: 'at night' }), 'BACKUP_SCHEDULE_INVALID', 'schedule'],
  ])('are refused whole with %s, naming the field', (_name, change, code, field) => {
    const { dir, spec, catalogue } = setUp();
    const added = addPlan(catalogue, { ...spec, ...change(spec, dir) }, 0);
    expect(added.ok ? '' : [added.error.code, added.error.field]).toEqual([code, field]);
    expect(catalogue.plans()).toEqual([]);
  });

  it('have one name each', () => {
    const { spec, catalogue } = setUp();
    expect(addPlan(catalogue, spec, 0).ok).toBe(true);
    const again = addPlan(catalogue, spec, 0);
    expect(again.ok ? '' : again.error.code).toBe('BACKUP_PLAN_EXISTS');
  });

  it('are judged by the age of the last verified point that is there', () => {
    const { spec, catalogue } = setUp();
    addPlan(catalogue, spec, 0);
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
    const { spec, catalogue } = setUp();
    addPlan(catalogue, spec, 0);
    catalogue.addPoint(newPoint('a'));
    expect(catalogue.removePlan('core')).toBe(true);
    expect(catalogue.removePlan('core')).toBe(false);
    expect(catalogue.points()).toHaveLength(1);
  });
});
