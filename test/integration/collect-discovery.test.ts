import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { CallContext } from '#shared/contract/index.ts';
import { ok } from '#shared/errors/index.ts';
import type { WantedTarget } from '../../main/engine/hosts/collector.ts';
import { createHostsArea } from '../../main/engine/hosts/index.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { consoleMigrations } from '../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../main/engine/storage/sqlite.ts';
import { CASES, ROUNDS } from '../helpers/discovery-cases.ts';
import { type Prometheus, startPrometheus } from '../helpers/prometheus.ts';
import { newVault } from '../helpers/secrets.ts';
import { ourTarget, type Targets, theirTarget } from '../helpers/shown-target.ts';
import { silentLogger } from '../helpers/silent-logger.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const context = { signal: new AbortController().signal } as CallContext;
const SENTINEL = 'sentinel';
const PATIENCE_MS = 90_000;

const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

/** An area of hosts with a collector that only remembers what it is to scrape. */
function console_(folder: string) {
  const opened = openWritable(join(folder, 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'NORMAL',
  });
  if (!opened.ok) throw new Error(opened.error.code);
  let wanted: readonly WantedTarget[] = [];
  const area = createHostsArea({
    ...{ db: opened.value, secrets: newVault(opened.value), clock: systemClock, timers: systemTimers },
    ...{ logger: silentLogger, broadcast: () => undefined, hostName: 'ws-1' },
    remoteWrites: { adopt: () => ok({}) },
    rules: {
      find: async () => ok({ summary: { rules: [], ruleFilesMissing: [] }, keep: () => undefined }),
      apply: async () => undefined,
    },
    collector: {
      setTargets: (targets) => {
        wanted = targets;
      },
      watch: () => undefined,
      askSoon: () => undefined,
      tryScrape: async () => ({ steps: [], samples: 0, sampleNames: [] }),
      readSamples: async () => ok({ total: 0, series: [], error: null }),
    },
  });
  area.start();
  const close = (): void => {
    area.close();
    opened.value.close();
  };
  return { area, close, wanted: () => wanted };
}

async function until<T>(what: string, look: () => Promise<T | null> | T | null): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`still waiting: ${what}`);
    await wait(100);
  }
}

/** Writes a file as an editor does: beside it, then in its place. Or takes it away. */
function put(path: string, text: string | null): void {
  if (text === null) rmSync(path, { force: true });
  else {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
}

test(`${CASES.length} jobs with target files have the targets of Prometheus after each of ${ROUNDS} rounds of edits`, async () => {
  const folder = temporaryFolder('discovery');
  const names = CASES.map((_, n) => `job-${n}`);
  const round = (n: number): void => {
    for (const [index, { files }] of CASES.entries())
      for (const [file, versions] of Object.entries(files))
        put(join(folder, `job-${index}`, file), versions[n] ?? null);
    put(join(folder, SENTINEL, 'x.json'), JSON.stringify([{ targets: [`round-${n}:1`] }]));
  };
  for (const name of [...names, SENTINEL]) mkdirSync(join(folder, name));
  round(0);
  const jobs = CASES.map(({ patterns, more = '' }, n) => {
    const list = patterns.map((pattern) => JSON.stringify(join(folder, `job-${n}`, pattern))).join(', ');
    const rest = more === '' ? '' : `\n${more.replace(/^/gm, '  ')}`;
    return `- job_name: job-${n}\n  file_sd_configs: [{files: [${list}]}]${rest}\n`;
  });
  jobs.push(
    `- job_name: ${SENTINEL}\n  file_sd_configs: [{files: [${JSON.stringify(join(folder, SENTINEL, '*.json'))}]}]\n`,
  );
  const config = `scrape_configs:\n${jobs.join('')}`;
  const prometheus: Prometheus = await startPrometheus(config, { flags: [] });
  closers.push(prometheus.stop);
  const ours = console_(folder);
  closers.push(ours.close);
  const imported = await ours.area.handlers['hosts.importPrometheus'](
    { fileName: join(folder, 'prometheus.yml'), text: config, dryRun: false },
    context,
  );
  if (!imported.ok) throw new Error(imported.error.message.en);

  const found: string[] = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    if (n > 0) round(n);
    // Both read all files of a job at each change, and the sentinel is written last of all; but jobs are followed one by one,
    // and Prometheus hands changes on every five seconds: then both must stay as they are for one more of its turns.
    const theirs = await until(`Prometheus, round ${n}: ${prometheus.output()}`, async () => {
      const answer = await prometheus.api<Targets>('/api/v1/targets');
      if (answer.status !== 'success') throw new Error(answer.error);
      const { activeTargets } = answer.data;
      return activeTargets.some(({ scrapeUrl }) => scrapeUrl.includes(`//round-${n}:1/`))
        ? activeTargets
        : null;
    });
    await until(`the console, round ${n}`, () =>
      ours.wanted().some(({ config: { address } }) => address === `round-${n}:1`) ? true : null,
    );
    const sorted = (list: readonly string[]): string => JSON.stringify(list.toSorted());
    for (const [index, name] of names.entries()) {
      let wanted = theirs.filter(({ scrapePool }) => scrapePool === name).map(theirTarget);
      const mine = (): string[] =>
        ours.wanted().flatMap(({ config: one }) => (one.job === name ? [ourTarget(one)] : []));
      const isEqual = async (): Promise<true | null> => {
        if (sorted(mine()) === sorted(wanted)) return true;
        const answer = await prometheus.api<Targets>('/api/v1/targets');
        if (answer.status === 'success')
          wanted = answer.data.activeTargets.filter(({ scrapePool }) => scrapePool === name).map(theirTarget);
        return null;
      };
      const deadline = Date.now() + PATIENCE_MS;
      while ((await isEqual()) === null && Date.now() < deadline) await wait(200);
      if (sorted(mine()) !== sorted(wanted))
        found.push(`round ${n}, ${CASES[index]?.name}: ${sorted(mine())}, not ${sorted(wanted)}`);
    }
    const expected = CASES.flatMap(({ faults }, at) => (faults[n] === '' ? [] : [`job-${at} ${faults[n]}`]));
    const said = (): string[] =>
      ours.area.discoveryFaults().map(({ job, error }) => `${job} ${error.code} ${error.line ?? ''}`.trim());
    const late = Date.now() + PATIENCE_MS;
    while (sorted(said()) !== sorted(expected) && Date.now() < late) await wait(100);
    expect(said().toSorted(), `faults of round ${n}`).toEqual(expected.toSorted());
  }
  expect(found).toEqual([]);
});

test('a target that no file lists any more is shown as gone, and comes back with its history', async () => {
  const folder = temporaryFolder('discovery');
  const file = join(folder, 'targets.yml');
  put(file, '- targets: ["app-1:9100", "app-2:9100"]\n');
  const ours = console_(folder);
  closers.push(ours.close);
  const { handlers } = ours.area;
  const config = `scrape_configs: [{job_name: node, basic_auth: {username: u, password: planted}, file_sd_configs: [{files: ["${file}"]}]}]`;
  const dry = await handlers['hosts.importPrometheus'](
    { fileName: 'p.yml', text: config, dryRun: true },
    context,
  );
  expect(dry).toMatchObject({
    ok: true,
    value: {
      targetsAdded: 2,
      hostsAdded: ['app-1', 'app-2'],
      discovery: [{ job: 'node', file, targets: 2, errors: [] }],
    },
  });
  expect(ours.area.list()).toHaveLength(1);
  await handlers['hosts.importPrometheus']({ fileName: 'p.yml', text: config, dryRun: false }, context);
  const addresses = (): string[] =>
    ours
      .wanted()
      .map(({ config: one }) => one.address)
      .sort();
  expect(addresses()).toEqual(['app-1:9100', 'app-2:9100', 'localhost:0']);
  const targetOf = async (id: string) => {
    const got = await handlers['hosts.get']({ id }, context);
    if (!got.ok) throw new Error(got.error.code);
    return { host: got.value.host, target: got.value.targets[0] };
  };
  expect(await targetOf('app-2')).toMatchObject({
    host: { file, targets: 1 },
    target: { origin: { job: 'node', file } },
  });
  const held = await handlers['hosts.remove']({ id: 'app-2' }, context);
  expect(held).toMatchObject({ ok: false, error: { code: 'HOST_FROM_FILE' } });

  put(file, '- targets: ["app-1:9100"]\n');
  await until('app-2 to go', () => (addresses().length === 2 ? true : null));
  const gone = await targetOf('app-2');
  expect(gone).toMatchObject({ host: { state: 'not_watched', targets: 0 }, target: { health: 'unknown' } });
  expect(gone.target?.goneAt).toBeGreaterThan(0);
  expect(ours.area.targets().map(({ config: one }) => one.address)).not.toContain('app-2:9100');

  put(file, '- targets: ["app-1:9100", "app-2:9100"]\n');
  await until('app-2 to come back', () => (addresses().length === 3 ? true : null));
  expect((await targetOf('app-2')).target?.goneAt).toBeUndefined();

  // A restart while the file is broken goes on with what it said last.
  put(file, '- targets: ["app-1:9100"\n');
  await until('the fault', () => ours.area.discoveryFaults()[0] ?? null);
  ours.close();
  closers.pop();
  const again = console_(folder);
  closers.push(again.close);
  await until('the fault again', () => again.area.discoveryFaults()[0] ?? null);
  expect(again.wanted().map(({ config: one }) => one.address)).toContain('app-2:9100');
  expect(again.area.discoveryFaults()).toMatchObject([
    { job: 'node', file, error: { code: 'DISCOVERY_FILE_REFUSED' } },
  ]);
  put(file, '- targets: ["app-1:9100"]\n');
  await until('the sound file', () => (again.area.discoveryFaults().length === 0 ? true : null));
  expect(again.wanted().map(({ config: one }) => one.address)).not.toContain('app-2:9100');
  const removed = await again.area.handlers['hosts.remove']({ id: 'app-2' }, context);
  expect(removed.ok).toBe(true);
});

test('a pipe where a file should be holds nothing up, and is told', async () => {
  const folder = temporaryFolder('discovery');
  const pipe = join(folder, 'a-pipe.yml');
  const sound = join(folder, 'sound.yml');
  execFileSync('mkfifo', [pipe]);
  put(sound, '- targets: ["app-1:9100"]\n');
  const ours = console_(folder);
  closers.push(ours.close);
  const config = `scrape_configs: [{job_name: node, file_sd_configs: [{files: ["${folder}/*.yml"]}]}]`;
  const imported = await ours.area.handlers['hosts.importPrometheus'](
    { fileName: 'p.yml', text: config, dryRun: false },
    context,
  );
  expect(imported.ok).toBe(true);
  expect(ours.wanted().map(({ config: one }) => one.address)).toContain('app-1:9100');
  const [fault] = await until('the fault', () => {
    const faults = ours.area.discoveryFaults();
    return faults.length > 0 ? faults : null;
  });
  expect(fault).toMatchObject({ job: 'node', file: pipe, error: { code: 'FILE_UNREADABLE' } });
  // Whoever can write there can make it a file again.
  rmSync(pipe);
  put(pipe, '- targets: ["app-2:9100"]\n');
  await until('the file', () => (ours.area.discoveryFaults().length === 0 ? true : null));
  expect(ours.wanted().map(({ config: one }) => one.address)).toContain('app-2:9100');
});
