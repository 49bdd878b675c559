import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { CallContext } from '#shared/contract/index.ts';
import { type ScrapeJob, scrapeJobSchema } from '#shared/contract/scrape-jobs.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { HostWrites } from '../../../main/engine/hosts/host-store.ts';
import { createDiscovery } from '../../../main/engine/hosts/jobs/discovery.ts';
import { createJobsArea } from '../../../main/engine/hosts/jobs/jobs-area.ts';
import type { TargetFiles } from '../../../main/engine/hosts/jobs/target-files.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';

/** What happens to a job while a folder of its files takes its time to answer. */

const FILE = '/net/t/a.yml';
const call = { signal: new AbortController().signal } as CallContext;
const jobFrom = (files: readonly string[]): ScrapeJob =>
  scrapeJobSchema.parse({
    settings: { job: 'node' },
    listed: [],
    discovery: [{ files, refreshMs: 60_000 }],
  });
const job = jobFrom([FILE]);

/** Files that answer at once, or, while they are slow, when they are let. */
function slowFiles() {
  let waiting: (() => void)[] = [];
  let isSlow = false;
  const files: TargetFiles = {
    list: async (pattern) => {
      if (isSlow) await new Promise<void>((resolve) => waiting.push(resolve));
      return ok([pattern]);
    },
    read: async () => ok('- targets: ["a:1"]\n'),
    watch: async () => null,
  };
  return {
    files,
    slow: () => {
      isSlow = true;
    },
    /** Resolves when somebody waits. */
    asked: () => expect.poll(() => waiting.length).toBeGreaterThan(0),
    answer: async () => {
      isSlow = false;
      for (const resolve of waiting) resolve();
      waiting = [];
      // All that follows an answer needs no timers.
      for (let turns = 0; turns < 10; turns += 1) await turn();
    },
  };
}

/** The area of one job, on a store in memory; `made` is what each plan that was put to work makes, by address. */
async function areaOf(first: ScrapeJob) {
  const stored = new Map([[first.settings.job, first]]);
  const made: string[][] = [];
  const folder = slowFiles();
  const time = fakeTime(1_000);
  const area = createJobsArea({
    deps: { clock: time.clock, timers: time.timers, broadcast: () => undefined },
    files: folder.files,
    readSamples: async () => ok({ total: 0, series: [], error: null }),
    logger: silentLogger,
    store: {
      jobs: () => ({ jobs: [...stored.values()], unreadable: [] }),
      put: (one) => void stored.set(one.settings.job, one),
      remove: (name) => void stored.delete(name),
    },
    secrets: { seal: ok, open: ok, forget: () => undefined },
    inventory: () => ({ hosts: [], targets: [] }),
    apply: (plan, more) => {
      made.push(plan.targets.map(({ config }) => config.address));
      more({} as HostWrites);
      return ok(null);
    },
  });
  area.start();
  await expect.poll(() => made).toEqual([['a:1']]);
  made.length = 0;
  return { area, stored, made, folder };
}

async function refusalOf<T>(result: Result<T> | Promise<Result<T>>): Promise<string> {
  const answer = await result;
  return answer.ok ? 'none' : answer.error.code;
}

const limits = {
  sampleLimit: 7,
  labelLimit: 0,
  labelNameLengthLimit: 0,
  labelValueLengthLimit: 0,
  bodySizeLimit: 0,
  targetLimit: 0,
};
const draft = { name: 'node', relabel: '', metricRelabel: '', limits };

test('a job that is removed while its files are read does not come back', async () => {
  const { area, stored, made, folder } = await areaOf(job);
  folder.slow();
  const read = area.handlers['hosts.jobs.read']({}, call);
  await folder.asked();
  await area.handlers['hosts.jobs.remove']({ name: 'node' }, call);
  expect(made).toEqual([[]]);
  await folder.answer();
  expect(await read).toEqual(ok({ jobs: [], unreadable: [] }));
  expect(made).toEqual([[]]);
  expect(stored.size).toBe(0);
  area.close();
});

test('a job that is replaced while its files are read keeps the targets of its new files', async () => {
  const { area, stored, made, folder } = await areaOf(job);
  folder.slow();
  const read = area.handlers['hosts.jobs.read']({}, call);
  await folder.asked();
  const other: ScrapeJob = { ...job, listed: [{ targets: ['b:1'], labels: {} }], discovery: [] };
  area.write([other]);
  area.refresh();
  await folder.answer();
  await read;
  // Neither what the old files listed, nor anything else: who replaced it made its targets.
  expect(made).toEqual([]);
  expect(stored.get('node')).toEqual(other);
  area.close();
});

test('saving a job that is removed meanwhile is refused, and does not bring it back', async () => {
  const { area, stored, made, folder } = await areaOf(job);
  folder.slow();
  const saved = area.handlers['hosts.jobs.save'](draft, call);
  await folder.asked();
  await area.handlers['hosts.jobs.remove']({ name: 'node' }, call);
  await folder.answer();
  expect(await refusalOf(saved)).toBe('NOT_FOUND');
  expect(made).toEqual([[]]);
  expect(stored.size).toBe(0);
  area.close();
});

test('saving rules of a job whose files are changed meanwhile keeps both', async () => {
  const { area, stored, folder } = await areaOf(job);
  folder.slow();
  const saved = area.handlers['hosts.jobs.save'](draft, call);
  await folder.asked();
  const other = jobFrom(['/net/t/b.yml']);
  area.write([other]);
  area.refresh();
  await folder.answer();
  expect(await refusalOf(saved)).toBe('none');
  expect(stored.get('node')).toMatchObject({
    settings: { sampleLimit: 7 },
    discovery: [{ files: ['/net/t/b.yml'] }],
  });
  area.close();
});

test('what is read for a job that is followed no more is not remembered', async () => {
  const folder = slowFiles();
  const time = fakeTime(1_000);
  const heard: string[] = [];
  const follower = createDiscovery({
    ...{ files: folder.files, clock: time.clock, timers: time.timers },
    onRead: (name) => heard.push(name),
  });
  folder.slow();
  follower.follow([job]);
  await folder.asked();
  const read = follower.read(job);
  follower.follow([]);
  await folder.answer();
  expect(await read).toBe(false);
  expect(follower.filesOf('node').files).toEqual([]);
  expect(heard).toEqual([]);
  follower.close();
});
