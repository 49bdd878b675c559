import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BackupType } from '#shared/contract/backup.ts';
import type { RetentionPreview } from '#shared/contract/backup-retention.ts';
import { retentionPolicySchema } from '#shared/contract/backup-retention.ts';
import type { Job } from '#shared/contract/jobs.ts';
import type { Result } from '#shared/errors/index.ts';
import { isArchiveName } from '../../../main/engine/backup/names.ts';
import type { Timers } from '../../../main/engine/platform/timers.ts';
import { callContext, debian, type Harness, openHarness, scratch, value } from './harness.ts';
import { manualTimers } from './manual-timers.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A site with one plan, and a clock that stands until it is moved. */
async function site(retention: object | null, extra: object = {}, timers?: Timers) {
  const place = scratch('retention');
  onTestFinished(() => place.remove());
  const time = { now: Date.now() - 100 * DAY };
  const clock = { now: () => time.now, monotonic: () => performance.now() };
  const source = join(place.dir, 'source');
  mkdirSync(source);
  const open = (): Harness => openHarness(place.dir, { clock, ...(timers ? { timers } : {}) });
  const harness = open();
  onTestFinished(() => harness.close());
  await harness.area.ready;
  const policy = retention === null ? null : retentionPolicySchema.parse({ timeZone: 'UTC', ...retention });
  await harness.plan('core', [source], { retention: policy, ...extra });
  /** Changes the source and runs, `hours` after the last time. */
  const run = async (hours = 24, type: BackupType = 'full'): Promise<string> => {
    time.now += hours * HOUR;
    writeFileSync(join(source, 'file'), randomBytes(5_000));
    const job = await harness.run('core', type);
    expect(job.error).toBeNull();
    // Retention after a run is a job of its own.
    await Promise.all(harness.jobs.list().map((each) => harness.jobs.ended(each.id)));
    return job.result?.id ?? '';
  };
  const { handlers } = harness.area;
  const preview = async (): Promise<RetentionPreview> =>
    value(await handlers['backup.retention.preview']({ name: 'core' }, callContext));
  const prune = async (hash: string): Promise<Job> => {
    const { jobId } = value(await handlers['backup.prune']({ name: 'core', hash }, callContext));
    return harness.jobs.ended(jobId);
  };
  const points = (): readonly string[] => harness.area.points().map(({ id }) => id);
  return { ...harness, source, time, run, preview, prune, points, handlers };
}

const code = (result: Result<unknown>): string | null => (result.ok ? null : result.error.code);
const by = { who: 'Wang', why: 'tender 2026-07' };

describe('pruning', () => {
  it('removes what the preview showed, durably, and nothing else', async () => {
    const bench = await site({ keepLast: 2, afterRun: false });
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) made.push(await bench.run());
    const shown = await bench.preview();
    expect(shown.refusal).toBeNull();
    expect(shown.points.filter(({ keep }) => !keep).map(({ pointId }) => pointId)).toEqual(
      made.slice(0, 3).reverse(),
    );
    expect(shown.freedBytes).toBeGreaterThan(0);
    expect(
      code(await bench.handlers['backup.prune']({ name: 'core', hash: 'f'.repeat(64) }, callContext)),
    ).toBe('BACKUP_PRUNE_CHANGED');
    expect(bench.points()).toHaveLength(5);

    const job = await bench.prune(shown.hash);
    expect(job.error).toBeNull();
    expect(bench.points()).toEqual(made.slice(3).reverse());
    const names = readdirSync(bench.target).filter((name) => name.startsWith('core.'));
    expect(names.filter(isArchiveName)).toHaveLength(2);
    expect(names).toHaveLength(6);
    expect(readdirSync(join(bench.dir, 'catalogue')).filter((name) => name.endsWith('.state.db'))).toEqual(
      [],
    );
    expect(readdirSync(join(bench.dir, 'catalogue'))).toHaveLength(2);
    const { prunes } = value(await bench.handlers['backup.retention.history']({ name: 'core' }, callContext));
    expect(prunes).toMatchObject([{ state: 'done', points: 3, bytes: shown.freedBytes, error: null }]);
    expect((await bench.verify('core')).error).toBeNull();
  });

  it('follows each run where the policy says so, and keeps chains whole', async () => {
    const bench = await site({ keepLast: 2 });
    const full = await bench.run();
    for (let index = 0; index < 4; index += 1) await bench.run(1, 'incremental');
    // The last two need everything since the full.
    expect(bench.points()).toHaveLength(5);
    const next = await bench.run();
    await bench.run(1, 'incremental');
    await bench.run(1, 'incremental');
    expect(bench.points()).toHaveLength(3);
    expect(bench.points()).toContain(next);
    expect(bench.points()).not.toContain(full);
    const { points } = value(await bench.handlers['backup.points.list']({}, callContext));
    for (const point of points) expect(point.chain.brokenBy).toBeNull();
    expect(debian('sh', ['-c', 'sha256sum --quiet -c *.sha256'], { cwd: bench.target })).toBe('');
  });

  it('leaves what is held until the hold is lifted or over', async () => {
    const bench = await site({ keepLast: 1, afterRun: false });
    const first = await bench.run();
    await bench.run();
    await bench.run();
    const until = bench.time.now + 2 * DAY;
    value(await bench.handlers['backup.hold.set']({ pointId: first, ...by, until }, callContext));
    expect(
      code(await bench.handlers['backup.hold.set']({ pointId: first, ...by, until: null }, callContext)),
    ).toBe('BACKUP_HOLD_EXISTS');
    const held = await bench.preview();
    expect(held.points.find(({ pointId }) => pointId === first)).toMatchObject({ keep: true });
    expect(held.points.find(({ pointId }) => pointId === first)?.reasons[0]?.zh).toContain('保全锁定：Wang');
    expect((await bench.prune(held.hash)).error).toBeNull();
    expect(bench.points()).toHaveLength(2);

    value(await bench.handlers['backup.hold.clear']({ pointId: first, ...by }, callContext));
    expect((await bench.preview()).remove).toBe(1);
    value(await bench.handlers['backup.hold.set']({ pointId: first, ...by, until }, callContext));
    expect((await bench.preview()).remove).toBe(0);
    bench.time.now = until + 1;
    expect((await bench.preview()).remove).toBe(1);
    const { holds } = value(await bench.handlers['backup.hold.list']({ plan: 'core' }, callContext));
    expect(holds).toHaveLength(2);
  });

  it('refuses when the clock went back, until somebody says that it is right', async () => {
    const bench = await site({ keepLast: 1, afterRun: false });
    await bench.run();
    await bench.run();
    const { hash } = await bench.preview();
    bench.time.now -= 2 * DAY;
    expect((await bench.preview()).refusal?.code).toBe('RETENTION_CLOCK_BACK');
    expect(code(await bench.handlers['backup.prune']({ name: 'core', hash }, callContext))).toBe(
      'RETENTION_CLOCK_BACK',
    );
    expect(bench.points()).toHaveLength(2);
    expect(bench.area.health()[0]?.refusal?.code).toBe('RETENTION_CLOCK_BACK');
    value(await bench.handlers['backup.retention.acceptClock']({ name: 'core', ...by }, callContext));
    const looked = await bench.preview();
    expect(looked.refusal).toBeNull();
    expect(looked.remove).toBe(0);
    expect(looked.points[0]?.reasons.map(({ en }) => en).join()).toContain('its time is wrong');
  });

  it('waits until a point lies in the second place too, and then removes it from both', async () => {
    const second = scratch('second');
    onTestFinished(() => second.remove());
    const bench = await site({ keepLast: 1 }, { copyTo: [{ kind: 'folder', dir: second.dir }] });
    const archives = (dir: string): number =>
      readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(isArchiveName).length;
    const first = await bench.run();
    // The run's own copy ends after its retention: the next run's retention removes it.
    const early = await bench.preview();
    expect(early.remove).toBe(0);
    for (let index = 0; index < 3; index += 1) {
      await bench.run();
      await Promise.all(bench.jobs.list().map((job) => bench.jobs.ended(job.id)));
    }
    expect(bench.points()).not.toContain(first);
    expect(archives(second.dir)).toBe(bench.points().length);
    expect(archives(bench.target)).toBe(bench.points().length);
  });

  it('shows the truth when files cannot be removed', async () => {
    const bench = await site({ keepLast: 1, afterRun: false });
    await bench.run();
    await bench.run();
    const { hash } = await bench.preview();
    // Read-only from the root user's sight, too.
    debian('mount', ['--bind', bench.target, bench.target]);
    try {
      debian('mount', ['-o', 'remount,bind,ro', bench.target]);
      const job = await bench.prune(hash);
      expect(job.error?.code).toBe('BACKUP_PRUNE_FAILED');
      expect(job.error?.message.en).toContain('.tar.zst');
      expect(bench.points()).toHaveLength(2);
      expect(bench.area.health()[0]?.pruneError?.code).toBe('BACKUP_PRUNE_FAILED');
    } finally {
      debian('umount', [bench.target]);
    }
    expect((await bench.prune((await bench.preview()).hash)).error).toBeNull();
    expect(bench.points()).toHaveLength(1);
  });
});

describe('a run that changes too much', () => {
  it('is flagged, stops retention, and lets it go on when somebody acknowledged it', async () => {
    const bench = await site({ keepLast: 2 });
    const file = (index: number, ending = ''): string =>
      join(bench.source, `document-${index}.docx${ending}`);
    for (let index = 0; index < 200; index += 1)
      writeFileSync(file(index), `${'plain words, again and again '.repeat(300)}${index}`);
    await bench.run();
    for (let index = 0; index < 6; index += 1) {
      writeFileSync(file(index), `${'other words '.repeat(20_000)}${index}`);
      await bench.run(1, 'incremental');
    }
    const { changes: none } = value(await bench.handlers['backup.massChange.list']({}, callContext));
    expect(none).toEqual([]);
    // As ransomware does it: new content, a new ending, the old files gone.
    for (let index = 0; index < 150; index += 1) {
      writeFileSync(file(index), randomBytes(8_000));
      renameSync(file(index), file(index, '.locked'));
    }
    const struck = await bench.run(1, 'incremental');
    const { changes } = value(await bench.handlers['backup.massChange.list']({ plan: 'core' }, callContext));
    expect(changes).toMatchObject([{ pointId: struck, acknowledgedAt: null }]);
    expect(changes[0]?.stats).toMatchObject({ gone: 150, added: 150, renamed: 150, ending: '.locked' });
    expect(changes[0]?.signs.map(({ kind }) => kind).sort()).toEqual(['gone', 'incompressible', 'renamed']);
    expect(bench.area.health()[0]?.massChange?.pointId).toBe(struck);

    const before = bench.points().length;
    await bench.run(1);
    await bench.run(1);
    expect(bench.points()).toHaveLength(before + 2);
    expect((await bench.preview()).refusal?.code).toBe('RETENTION_MASS_CHANGE');
    const acknowledged = { pointId: struck, who: 'Li', note: 'test of the antivirus' };
    value(await bench.handlers['backup.massChange.acknowledge'](acknowledged, callContext));
    expect(code(await bench.handlers['backup.massChange.acknowledge'](acknowledged, callContext))).toBe(
      'BACKUP_MASS_CHANGE_MISSING',
    );
    await bench.run(1);
    expect(bench.points()).toHaveLength(2);
  });

  it('is also a full that lacks most of what there was', async () => {
    const bench = await site(null);
    for (let index = 0; index < 100; index += 1)
      writeFileSync(join(bench.source, `row-${index}`), String(index));
    await bench.run();
    await bench.run(1, 'incremental');
    rmSync(bench.source, { recursive: true });
    mkdirSync(bench.source);
    const emptied = await bench.run();
    const { changes } = value(await bench.handlers['backup.massChange.list']({}, callContext));
    expect(changes).toMatchObject([{ pointId: emptied, stats: { before: 101, gone: 100 } }]);
  });
});

describe('rolling verification', () => {
  it('finds bit rot by itself, one archive at a time, and tells how far it has come', async () => {
    const timers = manualTimers();
    const bench = await site(null, { verifyCoverDays: 5 }, timers);
    for (let index = 0; index < 5; index += 1) await bench.run(1);
    const settled = async (): Promise<readonly Job[]> => {
      // The turn before may still be asking the disk for its space.
      await wait(50);
      timers.fire();
      // The jobs that this turn began.
      return Promise.all(bench.jobs.list().map((job) => bench.jobs.ended(job.id)));
    };
    const verified = async () => (await settled()).filter(({ kind }) => kind === 'verify').length;
    expect(await verified()).toBe(0);

    const rotten = bench.area.points().at(-1);
    if (rotten === undefined) throw new Error('no point');
    const bytes = readFileSync(rotten.archivePath);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 4;
    writeFileSync(rotten.archivePath, bytes);

    bench.time.now += 2 * DAY;
    // A fifth of all is due on a day: one archive of five, the oldest, which is the rotten one.
    expect(await verified()).toBe(1);
    expect(bench.area.points().at(-1)?.verifyError?.code).toBe('BACKUP_DAMAGE_FOUND');
    // The day's share may take a second one, if the first was a little smaller than a fifth; then it is enough.
    expect(await verified()).toBeLessThanOrEqual(2);
    expect(await verified()).toBeLessThanOrEqual(2);
    for (let day = 0; day < 6; day += 1) {
      bench.time.now += DAY;
      await verified();
      await verified();
    }
    const { plans } = value(await bench.handlers['backup.verifyCover']({}, callContext));
    expect(plans).toMatchObject([{ plan: 'core', coverDays: 5, overdue: 0 }]);
    const sound = bench.area.points().filter(({ verifyError }) => verifyError === null);
    expect(plans[0]?.coveredBytes).toBe(sound.reduce((sum, { archiveBytes }) => sum + archiveBytes, 0));

    bench.time.now += 30 * DAY;
    expect(bench.area.health()[0]?.verifyOverdue).toEqual({ count: 4, coverDays: 5 });
  });
});
