import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { isArchiveName } from '../../../main/engine/backup/names.ts';
import { hmtt } from '../../helpers/headless-engine.ts';
import { debian, scratch } from './harness.ts';

/** How often a command is killed; a release's full check sets it to 100. */
const KILLS = Number(process.env.HMTT_COMMAND_KILLS ?? 7);
const PLAN = 'kills';
const CLI = fileURLToPath(new URL('../../../main/engine/cli.ts', import.meta.url));

type Listed = {
  readonly id: string;
  readonly type: string;
  readonly chain: { readonly brokenBy: string | null };
};

/** A command to be killed: its arguments, and what must hold afterwards besides what always must. */
type Operation = {
  readonly name: string;
  readonly args: readonly string[];
  /** Points that may be gone afterwards. */
  readonly mayGo?: ReadonlySet<string>;
  readonly after?: () => Promise<void>;
};

/** Paths with the hash of each file: what a point must bring back. */
function contents(root: string): string {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${relative(root, path)} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
    })
    .sort()
    .join('\n');
}

/** A site whose commands are killed at random moments. */
class Site {
  readonly dir: string;
  readonly source: string;
  readonly target: string;
  readonly second: string;
  readonly data: string;
  /** What stood in the source when a point was made. */
  readonly expected = new Map<string, string>();
  #scratch = 0;

  constructor(dir: string) {
    this.dir = dir;
    this.source = join(dir, 'source');
    this.target = join(dir, 'target');
    this.second = join(dir, 'second');
    this.data = join(dir, 'data');
    for (const folder of [this.source, this.target, this.second]) mkdirSync(folder);
    cpSync('/usr/include/linux', join(this.source, 'linux'), { recursive: true });
    for (let n = 0; n < 3; n += 1) writeFileSync(join(this.source, `large-${n}`), randomBytes(9_000_000));
  }

  /** A command that must succeed; its JSON. */
  async run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await hmtt(this.data, '--json', ...args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr.slice(-2000)}`);
    return stdout;
  }

  async points(): Promise<readonly Listed[]> {
    return JSON.parse(await this.run('backup', 'list', PLAN)).points;
  }

  /** Something changes in every way: new, changed, grown, gone. */
  change(): void {
    writeFileSync(join(this.source, `new-${randomBytes(4).toString('hex')}`), randomBytes(1_000));
    writeFileSync(join(this.source, 'linux/types.h'), randomBytes(2_000));
    appendFileSync(join(this.source, 'large-0'), randomBytes(500_000));
    const [victim] = readdirSync(this.source).filter((name) => name.startsWith('new-'));
    if (victim !== undefined && Math.random() < 0.5) rmSync(join(this.source, victim));
  }

  /** A new folder to restore into. */
  scratchFolder(): string {
    this.#scratch += 1;
    return join(this.dir, `out-${this.#scratch}`);
  }

  /** Restores a point wholly and compares every byte with what stood in the source. */
  async expectRestorable(id: string): Promise<void> {
    const out = this.scratchFolder();
    await this.run('restore', PLAN, '--point', id, '--to', out, '--yes');
    expect(contents(join(out, this.source))).toBe(this.expected.get(id));
    rmSync(out, { recursive: true });
  }

  /** What is listed by the file system under a final name is whole. */
  expectWhole(folder: string): void {
    for (const name of readdirSync(folder).filter(isArchiveName))
      debian('sha256sum', ['--quiet', '-c', name.replace(/\.tar\.(?:zst|gz)$/, '.sha256')], { cwd: folder });
  }
}

/** Starts a command, kills it after some milliseconds, and tells whether it had ended well before. */
async function killed(data: string, args: readonly string[], afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [CLI, '--data', data, '--json', ...args], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const first = await Promise.race([ended, wait(afterMs, 'late' as const)]);
  child.kill('SIGKILL');
  await ended;
  return first === 0;
}

function operations(site: Site): Readonly<Record<string, () => Promise<Operation>>> {
  const backup = (type: string) => async (): Promise<Operation> => {
    site.change();
    return { name: type, args: ['backup', 'run', PLAN, '--type', type] };
  };
  return {
    full: backup('full'),
    incremental: backup('incremental'),
    differential: backup('differential'),
    prune: async () => {
      const shown = JSON.parse(await site.run('backup', 'prune', PLAN, '--dry-run'));
      const going: { pointId: string; keep: boolean }[] = shown.points;
      return {
        name: 'prune',
        args: ['backup', 'prune', PLAN],
        mayGo: new Set(going.filter(({ keep }) => !keep).map(({ pointId }) => pointId)),
      };
    },
    copy: async () => ({
      name: 'copy',
      args: ['backup', 'copy', PLAN, '--to', site.second, '--all'],
      after: async () => {
        site.expectWhole(site.second);
        // The next copy needs no help, and leaves nothing half behind.
        await site.run('backup', 'copy', PLAN, '--to', site.second, '--all');
        site.expectWhole(site.second);
        expect(readdirSync(site.second).filter((name) => name.includes('.part'))).toEqual([]);
      },
    }),
    rebuild: async () => {
      const data = join(site.dir, 'rebuilt');
      rmSync(data, { recursive: true, force: true });
      return {
        name: 'rebuild',
        args: ['--data', data, 'backup', 'rebuild', site.target],
        after: async () => {
          const again = await hmtt(data, '--json', 'backup', 'rebuild', site.target);
          expect([again.code, again.stderr]).toEqual([0, expect.anything()]);
          const listed: Listed[] = JSON.parse((await hmtt(data, '--json', 'backup', 'list')).stdout).points;
          expect(listed.map(({ id }) => id).sort()).toEqual((await site.points()).map(({ id }) => id).sort());
        },
      };
    },
    restore: async () => {
      const points = await site.points();
      const point = points[Math.floor(Math.random() * points.length)];
      if (point === undefined) throw new Error('no point');
      const out = site.scratchFolder();
      return {
        name: 'restore',
        args: ['restore', PLAN, '--point', point.id, '--to', out, '--yes'],
        after: async () => {
          const restores: { id: string; state: string; plan: { targetDir: string } }[] = JSON.parse(
            await site.run('restore', 'list'),
          );
          const cut = restores.find(({ plan }) => plan.targetDir === out);
          if (cut?.state === 'interrupted') await site.run('restore', 'resume', cut.id);
          else if (cut?.state !== 'done')
            await site.run('restore', PLAN, '--point', point.id, '--to', out, '--yes');
          expect(contents(join(out, site.source))).toBe(site.expected.get(point.id));
          const hidden = readdirSync(out, { recursive: true }).filter((name) =>
            String(name).includes('.hmtt-restore-'),
          );
          expect(hidden).toEqual([]);
          rmSync(out, { recursive: true });
        },
      };
    },
  };
}

it(`every acknowledged point stays restorable while commands are killed ${KILLS} times`, {
  timeout: 120_000 + 40_000 * KILLS,
}, async () => {
  const place = scratch('kills');
  onTestFinished(() => place.remove());
  const site = new Site(place.dir);
  await site.run(
    'backup',
    'add',
    PLAN,
    '--source',
    site.source,
    '--to',
    site.target,
    '--copy-to',
    site.second,
  );
  await site.run('backup', 'retention', PLAN, '--keep-last', '4', '--no-after-run');
  const known = operations(site);
  const names = Object.keys(known);

  const remember = async (before: readonly Listed[]): Promise<readonly Listed[]> => {
    const points = await site.points();
    const old = new Set(before.map(({ id }) => id));
    for (const { id } of points) if (!old.has(id)) site.expected.set(id, contents(site.source));
    return points;
  };
  // How long each takes by itself, so that the moments spread over the whole of it.
  let began = performance.now();
  await site.run('backup', 'run', PLAN);
  const wholeMs = performance.now() - began;
  await remember([]);
  began = performance.now();
  await site.points();
  const startMs = performance.now() - began;

  const tally: Record<string, number> = {};
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = await site.points();
    const make = known[names[kill % names.length] ?? ''];
    if (make === undefined) throw new Error('no operation');
    const { name, args, mayGo = new Set<string>(), after } = await make();
    const afterMs = startMs * 0.5 + Math.random() * wholeMs;
    const acknowledged = await killed(site.data, args, afterMs);
    const points = await remember(before);
    const context = `${name} killed after ${Math.round(afterMs)} ms${acknowledged ? ', acknowledged' : ''}`;

    const ids = new Set(points.map(({ id }) => id));
    for (const { id } of before) expect([context, ids.has(id) || mayGo.has(id)]).toEqual([context, true]);
    if (acknowledged && ['full', 'incremental', 'differential'].includes(name))
      expect([context, points.length]).toEqual([context, before.length + 1]);
    for (const { id, chain } of points) expect([context, id, chain.brokenBy]).toEqual([context, id, null]);
    const archives = readdirSync(site.target).filter(isArchiveName);
    expect([context, archives.length]).toEqual([context, points.length]);
    expect([context, readdirSync(site.target).filter((file) => file.endsWith('.part'))]).toEqual([
      context,
      [],
    ]);
    site.expectWhole(site.target);
    await after?.();
    const some = points[Math.floor(Math.random() * points.length)];
    if (some !== undefined) await site.expectRestorable(some.id);
    tally[`${name}${acknowledged ? ' (had ended)' : ''}`] =
      (tally[`${name}${acknowledged ? ' (had ended)' : ''}`] ?? 0) + 1;
  }

  await site.run('backup', 'run', PLAN, '--type', 'incremental');
  for (const { id } of await remember(await site.points()))
    if (site.expected.has(id)) await site.expectRestorable(id);
  await site.run('backup', 'verify', PLAN);
  console.log(`killed: ${JSON.stringify(tally)}`);
});
