import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Job } from '#shared/contract/jobs.ts';
import { callContext, debian, type Harness, openHarness, scratch, value } from '../harness.ts';

let place: ReturnType<typeof scratch>;
let files: string;
let journal: string;
let service: string;

beforeEach(() => {
  place = scratch('run-sources');
  files = join(place.dir, 'files');
  mkdirSync(files);
  writeFileSync(join(files, 'a.txt'), 'content');
  journal = join(place.dir, 'journal');
  service = join(place.dir, 'service-runs');
  writeFileSync(service, '');
});
afterEach(() => place.remove());

function open(): Harness {
  const harness = openHarness(place.dir);
  onTestFinished(() => harness.close());
  return harness;
}

/** A service whose running is a file that is there; what happens is written into the journal. */
const offline = () => ({
  stop: `echo stop >> ${journal}; rm ${service}`,
  start: `echo start >> ${journal}; touch ${service}`,
  check: `test -e ${service}`,
  timeoutMs: 5_000,
});

const note = (word: string) => `echo ${word} $HMTT_STEP $HMTT_RESULT >> ${journal}`;
const written = (): string[] => (existsSync(journal) ? readFileSync(journal, 'utf8').trim().split('\n') : []);
const steps = async (harness: Harness, plan: string) =>
  value(await harness.area.handlers['backup.steps']({ plan, limit: 20 }, callContext)).runs;
const code = (job: Job): string | undefined => job.error?.code;

describe('a run with commands and a service', () => {
  test('does everything in its order, and reports each step', async () => {
    const harness = open();
    // The commands see whether the service runs.
    const see = `test -e ${service} && echo runs >> ${journal} || echo stands >> ${journal}`;
    await harness.plan('p', [files], {
      hooks: {
        before: `${note('before')}; ${see}; echo 已冻结; echo "$HMTT_PLAN $HMTT_POINT" > ${place.dir}/env`,
        after: `${note('after')}; ${see}`,
      },
      offline: offline(),
    });
    const job = await harness.run('p');
    expect(job.error).toBeNull();
    expect(written()).toEqual(['before before', 'runs', 'stop', 'start', 'after after ok', 'runs']);
    expect(readFileSync(join(place.dir, 'env'), 'utf8')).toBe(`p ${job.result?.id}\n`);
    const point = value(harness.area.findPoint(job.result?.id ?? ''));
    const report = point.report.steps;
    expect(report?.steps.map(({ kind, state, exitCode }) => [kind, state, exitCode])).toEqual([
      ['before', 'done', 0],
      ['stop', 'done', 0],
      ['start', 'done', 0],
      ['after', 'done', 0],
    ]);
    expect(report?.steps[0]?.output).toBe('已冻结');
    expect(report?.steps.every((step) => (step.finishedAt ?? 0) >= (step.startedAt ?? 1))).toBe(true);
    expect(report?.downtimeMs).toBeGreaterThan(0);
    expect(harness.events.filter(({ name }) => name === 'backup.step').length).toBeGreaterThanOrEqual(8);
  });

  test('is ended by a before-hook that fails: nothing is stopped, no point is made, the after-hook runs', async () => {
    const harness = open();
    await harness.plan('p', [files], {
      hooks: { before: 'echo 表空间已满 >&2; exit 7', after: note('after') },
      offline: offline(),
    });
    const job = await harness.run('p');
    expect(code(job)).toBe('BACKUP_BEFORE_HOOK_FAILED');
    expect(job.error?.message.zh).toContain('退出码 7');
    expect(job.error?.message.en).toContain('exit code 7');
    expect(job.error?.message.en).toContain('表空间已满');
    expect(written()).toEqual(['after after failed']);
    expect(readdirSync(harness.target)).toEqual([]);
    const [run] = await steps(harness, 'p');
    expect(run).toMatchObject({ state: 'failed', downtimeMs: null });
    expect(run?.steps.map(({ kind, state, exitCode }) => [kind, state, exitCode])).toEqual([
      ['before', 'failed', 7],
      ['after', 'done', 0],
    ]);
    expect(harness.area.plans()[0]?.lastError?.code).toBe('BACKUP_BEFORE_HOOK_FAILED');
  });

  test('is ended by a before-hook that hangs, with its time told', async () => {
    const harness = open();
    await harness.plan('p', [files], { hooks: { before: 'echo waiting; sleep 600', timeoutMs: 1_000 } });
    const job = await harness.run('p');
    expect(job.error?.message.en).toContain('longer than 1 s');
    expect(job.error?.message.en).toContain('waiting');
  });

  test('starts the service again when the backup fails, when stopping fails, and when it is cancelled', async () => {
    const harness = open();
    await harness.plan('fails', [files], { offline: offline() });
    // The target vanishes: the run fails after the service was stopped.
    await harness.plan('stuck', [files], {
      offline: { ...offline(), stop: `echo stop >> ${journal}`, timeoutMs: 1_000 },
    });
    await harness.plan('slow', [files], {
      offline: { ...offline(), stop: `echo stop >> ${journal}; rm ${service}; sleep 30` },
      hooks: { after: note('after') },
    });
    debian('rm', ['-rf', harness.target]);
    expect(code(await harness.run('fails'))).toBe('BACKUP_TARGET_MISSING');
    expect(written()).toEqual(['stop', 'start']);
    expect(existsSync(service)).toBe(true);
    mkdirSync(harness.target);

    expect(code(await harness.run('stuck'))).toBe('BACKUP_OFFLINE_STILL_RUNS');
    expect(written()).toEqual(['stop', 'start', 'stop', 'start']);

    const { jobId } = value(
      await harness.area.handlers['backup.run'](
        { name: 'slow', type: 'full', regardless: false },
        callContext,
      ),
    );
    while (existsSync(service)) await wait(20);
    harness.jobs.cancel(jobId);
    expect((await harness.jobs.ended(jobId)).state).toBe('cancelled');
    expect(existsSync(service)).toBe(true);
    expect(written().slice(-2)).toEqual(['start', 'after after cancelled']);
  });

  test('leaves a service alone that did not run', async () => {
    const harness = open();
    debian('rm', [service]);
    await harness.plan('p', [files], { offline: offline() });
    const job = await harness.run('p');
    expect(job.error).toBeNull();
    expect(written()).toEqual([]);
    expect(existsSync(service)).toBe(false);
    const point = value(harness.area.findPoint(job.result?.id ?? ''));
    expect(point.report.steps?.steps[0]?.output).toContain('did not run');
    expect(point.report.steps?.downtimeMs).toBeNull();
  });

  test('fails loudly when the service does not come back, although the point is there, and tries again later', async () => {
    const first = openHarness(place.dir);
    const broken = join(place.dir, 'broken');
    writeFileSync(broken, '');
    const start = `test ! -e ${broken} || { echo port in use; exit 1; }; touch ${service}`;
    await first.plan('p', [files], { offline: { ...offline(), start } });
    const job = await first.run('p');
    expect(code(job)).toBe('BACKUP_OFFLINE_START_FAILED');
    expect(job.error?.message.en).toContain('port in use');
    expect(first.area.points()).toHaveLength(1);
    expect(first.area.plans()[0]?.lastError?.code).toBe('BACKUP_OFFLINE_START_FAILED');
    await first.close();
    debian('rm', [broken]);
    const second = openHarness(place.dir);
    await second.close();
    expect(existsSync(service)).toBe(true);
    const third = open();
    const [point] = third.area.points();
    expect(point?.report.steps?.steps.at(-1)).toMatchObject({ kind: 'start', state: 'done', caughtUp: true });
  });
});

describe('a run whose engine is killed', () => {
  test.each([
    ['while the before-hook runs', 'test -e READY || { echo $$ > READY; sleep 60; }', null, []],
    ['while the service is stopped', null, 'test -e READY || { echo $$ > READY; sleep 60; }', ['start']],
  ])(
    '%s: the next start ends what was left, starts the service, and says so',
    async (_, hook, stop, first) => {
      const ready = join(place.dir, 'ready');
      const fill = (text: string): string => text.replaceAll('READY', ready);
      const setUp = openHarness(place.dir);
      await setUp.plan('killed', [files], {
        hooks: {
          before: hook === null ? null : fill(hook),
          after: note('after'),
        },
        offline: stop === null ? null : { ...offline(), stop: fill(`rm ${service}; ${stop}`) },
      });
      await setUp.close();
      const child = spawn(process.execPath, [join(import.meta.dirname, 'kill-child.ts'), place.dir], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      const gone = new Promise((resolve) => child.once('close', resolve));
      while (!existsSync(ready) || readFileSync(ready, 'utf8') === '') await wait(20);
      child.kill('SIGKILL');
      await gone;
      expect(existsSync(service)).toBe(stop === null);

      // The next run needs no help: it waits until what is owed is done.
      const again = openHarness(place.dir);
      expect((await again.run('killed')).error).toBeNull();
      await again.close();
      expect(existsSync(service)).toBe(true);
      expect(written()).toEqual([...first, 'after after interrupted', ...first, 'after after ok']);
      const harness = open();
      const [, run] = await steps(harness, 'killed');
      expect(run?.state).toBe('interrupted');
      const byKind = new Map(run?.steps.map((step) => [step.kind, step]));
      expect(byKind.get('after')).toMatchObject({ state: 'done', caughtUp: true, exitCode: 0 });
      const cut = byKind.get(hook === null ? 'stop' : 'before');
      expect(cut).toMatchObject({ state: 'interrupted', error: { code: 'BACKUP_STEP_INTERRUPTED' } });
      if (stop !== null) expect(byKind.get('start')).toMatchObject({ state: 'done', caughtUp: true });
      // The sleeping command was ended, too.
      const pid = readFileSync(ready, 'utf8').trim();
      expect(debian('sh', ['-c', `grep -s '^State' /proc/${pid}/status || true`])).not.toMatch(/[RSD] \(/);
    },
  );
});

describe('databases in a point', () => {
  const database = (name: string, rows: number): string => {
    const file = join(place.dir, `${name}.db`);
    const db = new Database(file);
    db.exec('CREATE TABLE t (n INTEGER)');
    for (let n = 0; n < rows; n += 1) db.exec(`INSERT INTO t VALUES (${n})`);
    db.close();
    return file;
  };
  const unpack = (archive: string): string => {
    const to = join(place.dir, `unpacked-${Math.random()}`);
    mkdirSync(to);
    debian('sh', ['-c', `zstd -dc '${archive}' | tar -xpf - -C '${to}'`]);
    debian('sh', ['-c', `cd '${to}' && sha256sum --quiet -c .hmtt-archive/SHA256SUMS`]);
    return to;
  };

  test('stand under their reserved name, are unpacked by standard tools, and never from excluded names', async () => {
    const harness = open();
    const file = database('erp', 30);
    await harness.plan('p', [files], {
      exclude: ['*.db', '**/*.json'],
      databases: [{ kind: 'sqlite', name: 'erp', file }],
    });
    const job = await harness.run('p');
    expect(job.error).toBeNull();
    const point = value(harness.area.findPoint(job.result?.id ?? ''));
    const to = unpack(point.archivePath);
    expect(readdirSync(join(to, '.hmtt-databases/erp')).sort()).toEqual(['erp.db', 'source.json']);
    const copy = new Database(join(to, '.hmtt-databases/erp/erp.db'), { readonly: true });
    expect(copy.prepare('SELECT count(*) FROM t').pluck().get()).toBe(30);
    copy.close();
    expect(point.report.steps?.steps[0]?.database).toMatchObject({ kind: 'sqlite', count: 1 });
    // Nothing is left waiting.
    expect(readdirSync(join(place.dir, 'spool'))).toEqual([]);
    // A plan of databases alone is a plan.
    await harness.plan('only', [], { databases: [{ kind: 'sqlite', name: 'erp', file }] });
    expect((await harness.run('only')).error).toBeNull();
    const none = await harness.area.handlers['backup.plans.add'](
      { ...value(await harness.area.handlers['backup.plans.list']({}, callContext)).plans[0] } as never,
      callContext,
    );
    expect(none.ok).toBe(false);
  });

  test('that cannot be taken are named: the point has all the rest, but does not count as complete', async () => {
    const harness = open();
    const file = database('erp', 3);
    await harness.plan('p', [files], {
      databases: [
        { kind: 'sqlite', name: 'erp', file },
        { kind: 'sqlite', name: 'gone', file: join(place.dir, 'gone.db') },
      ],
    });
    const job = await harness.run('p');
    expect(job.state).toBe('failed');
    expect(code(job)).toBe('BACKUP_SOURCES_INCOMPLETE');
    expect(job.error?.message.zh).toContain('gone');
    const [point] = harness.area.points();
    expect(point?.report.skipped.map(({ path }) => path)).toEqual(['.hmtt-databases/gone']);
    expect(point?.report.steps?.steps.map(({ what, state }) => [what, state])).toEqual([
      ['erp', 'done'],
      ['gone', 'failed'],
    ]);
    expect(harness.area.plans()[0]).toMatchObject({
      lastError: { code: 'BACKUP_SOURCES_INCOMPLETE' },
      lastVerifiedAt: null,
    });
    const to = unpack(point?.archivePath ?? '');
    expect(existsSync(join(to, '.hmtt-databases/erp/erp.db'))).toBe(true);
    expect(existsSync(join(to, files.slice(1), 'a.txt'))).toBe(true);

    // None at all and no files: no point.
    await harness.plan('none', [], {
      databases: [{ kind: 'sqlite', name: 'gone', file: join(place.dir, 'gone.db') }],
    });
    expect(code(await harness.run('none'))).toBe('BACKUP_DATABASE_UNREACHABLE');
  });

  test('go through a chain: a changed one is stored, and one that fails now stays as it was', async () => {
    const harness = open();
    const erp = database('erp', 1);
    const hr = database('hr', 1);
    const both = [
      { kind: 'sqlite', name: 'erp', file: erp },
      { kind: 'sqlite', name: 'hr', file: hr },
    ];
    await harness.plan('p', [files], { databases: both });
    expect((await harness.run('p')).error).toBeNull();
    new Database(erp).exec('INSERT INTO t VALUES (99)').close();
    debian('mv', [hr, `${hr}.away`]);
    expect(code(await harness.run('p', 'incremental'))).toBe('BACKUP_SOURCES_INCOMPLETE');
    const browse = async (): Promise<string[]> => {
      const pointId = harness.area.points()[0]?.id ?? '';
      const { entries } = value(
        await harness.area.handlers['backup.browse'](
          { pointId, prefix: '.hmtt-databases', limit: 100, offset: 0 },
          callContext,
        ),
      );
      return entries.map(({ name }) => name);
    };
    expect(await browse()).toEqual(['erp', 'hr']);
    debian('mv', [`${hr}.away`, hr]);
    expect((await harness.run('p', 'incremental')).error).toBeNull();
    expect(await browse()).toEqual(['erp', 'hr']);
    expect(harness.area.points()[0]?.type).toBe('incremental');
  });
});
