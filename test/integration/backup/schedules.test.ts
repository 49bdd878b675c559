import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import type { BackupRun, PlanChange } from '#shared/contract/backup-schedule.ts';
import { callContext, type Harness, openHarness, scratch, value } from './harness.ts';
import { manualTimers } from './manual-timers.ts';

const at = (text: string): number => new Date(text).getTime();

describe('plans that run by themselves', () => {
  let place: ReturnType<typeof scratch>;
  let source: string;
  let now: number;
  let timers: ReturnType<typeof manualTimers>;
  let harness: Harness;

  const open = (): Harness =>
    openHarness(place.dir, { clock: { now: () => now, monotonic: () => performance.now() }, timers });

  beforeEach(() => {
    place = scratch('schedules');
    source = join(place.dir, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'big.bin'), randomBytes(6_000_000));
    now = at('2026-11-20T00:30:00');
    timers = manualTimers();
    harness = open();
  });
  afterEach(async () => {
    await harness.close();
    place.remove();
  });

  /** What the runs of the plan were, the latest first. */
  const runs = async (plan: string): Promise<readonly BackupRun[]> =>
    value(await harness.area.handlers['backup.runs.list']({ plan, limit: 100 }, callContext)).runs;
  const history = async (name: string): Promise<readonly PlanChange[]> =>
    value(await harness.area.handlers['backup.plans.history']({ name, limit: 100 }, callContext)).changes;
  /** The engine looks at its schedules, and what it starts ends. */
  const look = async (): Promise<readonly string[]> => {
    await harness.area.ready;
    timers.fire();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    await Promise.all(harness.jobs.list().map((job) => harness.jobs.ended(job.id)));
    return (await runs('core')).map(({ type, trigger, state }) => `${type} ${trigger} ${state}`);
  };
  const hours = {
    bytesPerSecond: null,
    windows: [{ days: [0, 1, 2, 3, 4, 5, 6], from: '22:00', to: '06:00' }],
  };

  it('make the stronger of two types that are due at once, and catch both up with one run', async () => {
    await harness.plan('core', [source], {
      schedules: [
        { cron: '0 1 * * *', type: 'differential' },
        { cron: '0 1 * * 0', type: 'full' },
      ],
    });
    expect(await look()).toEqual([]);
    now = at('2026-11-20T01:00:03');
    // Nothing is there to build on, so the first is a full whatever was due.
    expect(await look()).toEqual(['full schedule done']);
    now = at('2026-11-21T01:00:03');
    expect(await look()).toEqual(['differential schedule done', 'full schedule done']);
    // A week later: six differentials and a full were missed.
    now = at('2026-11-28T09:00:00');
    expect((await look())[0]).toBe('full schedule done');
    expect(await look()).toHaveLength(3);
    expect(harness.area.plans()[0]).toMatchObject({
      nextRunAt: at('2026-11-29T01:00:00'),
      nextRunType: 'full',
    });
  });

  it('wait for their hours, and tell a person who does not want to wait when they begin', async () => {
    await harness.plan('core', [source], {
      schedules: [{ cron: '0 12 * * *', type: 'full' }],
      limits: hours,
    });
    now = at('2026-11-20T12:00:05');
    expect(await look()).toEqual([]);
    const ask = (regardless: boolean) =>
      harness.area.handlers['backup.run']({ name: 'core', type: 'full', regardless }, callContext);
    const refused = await ask(false);
    expect(refused.ok ? '' : refused.error.code).toBe('BACKUP_OUTSIDE_WINDOW');
    expect(refused.ok ? '' : refused.error.message.zh).toContain('2026-11-20 22:00');
    now = at('2026-11-20T22:00:01');
    expect(await look()).toEqual(['full schedule done']);
    now = at('2026-11-21T09:00:00');
    const { jobId } = value(await ask(true));
    expect((await harness.jobs.ended(jobId)).error).toBeNull();
    expect((await runs('core'))[0]?.trigger).toBe('hand');
  });

  it('pause when their hours end and go on in the next, and let a person overrule that', async () => {
    await harness.plan('core', [source], { limits: { ...hours, bytesPerSecond: 2_000_000 } });
    const start = async (): Promise<string> => {
      const { jobId } = value(
        await harness.area.handlers['backup.run'](
          { name: 'core', type: 'full', regardless: false },
          callContext,
        ),
      );
      const isWriting = (): boolean => (harness.jobs.get(jobId)?.progress?.unit ?? '') === 'bytes';
      while (!isWriting()) await new Promise((resolve) => setTimeout(resolve, 5));
      return jobId;
    };
    now = at('2026-11-20T05:59:00');
    const first = await start();
    timers.fire();
    expect(harness.jobs.get(first)?.state).toBe('running');
    now = at('2026-11-20T06:00:00');
    timers.fire();
    expect(harness.jobs.get(first)).toMatchObject({
      state: 'paused',
      progress: { phase: { zh: '备份时段已结束，11-20 22:00 继续' } },
    });
    now = at('2026-11-20T22:00:00');
    timers.fire();
    expect(harness.jobs.get(first)?.state).toBe('running');
    expect((await harness.jobs.ended(first)).error).toBeNull();
    now = at('2026-11-21T05:59:00');
    const second = await start();
    now = at('2026-11-21T06:00:00');
    timers.fire();
    expect(harness.jobs.get(second)?.state).toBe('paused');
    harness.jobs.setPaused(second, false);
    timers.fire();
    timers.fire();
    expect(harness.jobs.get(second)?.state).toBe('running');
    expect((await harness.jobs.ended(second)).error).toBeNull();
  });

  it('read no faster than their limit', async () => {
    await harness.plan('core', [source], { limits: { bytesPerSecond: 4_000_000, windows: [] } });
    const job = await harness.run('core');
    expect(job.error).toBeNull();
    const [run] = value(await harness.area.handlers['backup.points.list']({}, callContext)).points;
    // 6 MB are written and read back, half a second's worth at once.
    expect(run?.report.durationMs ?? 0).toBeGreaterThan(2_200);
    expect(run?.report.durationMs ?? 0).toBeLessThan(30_000);
  });

  it('run again once after they were killed, and say why', async () => {
    await harness.plan('crash', [source], { limits: { bytesPerSecond: 1_000_000, windows: [] } });
    mkdirSync(join(place.dir, 'large'));
    await harness.close();
    const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.ts'), place.dir, 'full'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const target = join(place.dir, 'target');
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the child ended with ${code}`)));
      const watch = setInterval(() => {
        if (!readdirSync(target).some((name) => name.includes('.part'))) return;
        clearInterval(watch);
        resolve();
      }, 20);
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    now = Date.now() + 1000;
    harness = open();
    await harness.plan('core', [source]);
    await look();
    const [again, cut] = await runs('crash');
    expect([again?.trigger, again?.state, cut?.trigger, cut?.state]).toEqual([
      'again',
      'done',
      'hand',
      'interrupted',
    ]);
    expect(readdirSync(target).filter((name) => name.includes('.part'))).toEqual([]);
    const { points } = value(
      await harness.area.handlers['backup.points.list']({ plan: 'crash' }, callContext),
    );
    expect(points[0]?.report.reasons?.map(({ en }) => en)).toContainEqual(
      expect.stringContaining('The run before was cut off'),
    );
    await look();
    expect(await runs('crash')).toHaveLength(2);
  });

  it('tell in their report what was changed in the plan since', async () => {
    await harness.plan('core', [source]);
    expect((await harness.run('core')).error).toBeNull();
    now += 60_000;
    const logs = join(place.dir, 'logs');
    mkdirSync(logs);
    const spec = backupPlanInputSchema.parse({
      name: 'core',
      sources: [source, logs],
      targetDir: harness.target,
      exclude: ['*.tmp'],
    });
    const answer = await harness.area.handlers['backup.plans.update'](spec, callContext);
    expect(value(answer)).toEqual({ changed: ['exclude', 'sources'] });
    expect((await history('core')).map(({ kind }) => kind)).toEqual(['changed', 'added']);
    now += 60_000;
    expect((await harness.run('core', 'incremental')).error).toBeNull();
    const { points } = value(await harness.area.handlers['backup.points.list']({}, callContext));
    const reasons = points[0]?.report.reasons?.map(({ zh }) => zh) ?? [];
    expect(reasons).toContain(`自上次运行以来，备份内容有改动：增加 ${logs}。`);
    expect(reasons).toContain('自上次运行以来，排除规则有改动：增加 *.tmp。');
    now += 60_000;
    expect((await harness.run('core', 'incremental')).error).toBeNull();
    const [latest] = value(await harness.area.handlers['backup.points.list']({}, callContext)).points;
    expect(latest?.report.reasons).toHaveLength(1);
  });
});
