import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type FileDiscovery, scrapeJobSchema } from '#shared/contract/scrape-jobs.ts';
import { appError, err, ok } from '#shared/errors/index.ts';
import { createDiscovery, jobWithFiles } from '../../../main/engine/hosts/jobs/discovery.ts';
import {
  createFolderGate,
  type FolderGate,
  FolderNotAsked,
  FolderSilent,
} from '../../../main/engine/hosts/jobs/folder-gate.ts';
import { planJobs, staysAsStored } from '../../../main/engine/hosts/jobs/plan-jobs.ts';
import { systemTargetFiles, type TargetFiles } from '../../../main/engine/hosts/jobs/target-files.ts';
import { type FakeTime, fakeTime } from '../../helpers/fake-time.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

/** Folders that do not answer, as a network drive that has gone away. */

const never = <T>(): Promise<T> => new Promise(() => undefined);

/** Two folders stop to answer; the first answers once it is let. */
async function silenceTwo(ask: FolderGate, time: FakeTime): Promise<() => void> {
  const answers: (() => void)[] = [];
  for (const folder of ['/net/a', '/net/b']) {
    const silent = ask(folder, () => new Promise<void>((resolve) => answers.push(resolve)));
    await turn();
    time.advance(5_000);
    await expect(silent).rejects.toBeInstanceOf(FolderSilent);
  }
  return () => answers[0]?.();
}

test('a folder that does not answer is not waited for, and not asked again before it has answered', async () => {
  const time = fakeTime(0);
  const ask = createFolderGate(time.timers);
  let answer: (text: string) => void = () => undefined;
  let asked = 0;
  const slow = () => {
    asked += 1;
    return new Promise<string>((resolve) => {
      answer = resolve;
    });
  };
  const first = ask('/net/a', slow);
  const other = ask('/local', async () => 'sound');
  await turn();
  time.advance(5_000);
  await expect(first).rejects.toBeInstanceOf(FolderSilent);
  expect(await other).toBe('sound');
  await expect(ask('/net/a', slow)).rejects.toBeInstanceOf(FolderSilent);
  expect(asked).toBe(1);
  answer('late');
  await turn();
  expect(await ask('/net/a', async () => 'back')).toBe('back');
});

test('folders that stay silent never take all threads: with two of them, nobody is asked', async () => {
  const time = fakeTime(0);
  const ask = createFolderGate(time.timers);
  await silenceTwo(ask, time);
  let asked = 0;
  const third = ask('/net/c', async () => {
    asked += 1;
  });
  const refusal: unknown = await third.catch((thrown: unknown) => thrown);
  expect(refusal).toBeInstanceOf(FolderNotAsked);
  expect(refusal).toMatchObject({ silent: ['/net/a', '/net/b'] });
  await expect(ask('/net/a', never)).rejects.toBeInstanceOf(FolderSilent);
  expect(asked).toBe(0);
});

test('a sound folder is not blamed for two silent ones, and stays watched', async () => {
  const time = fakeTime(0);
  const ask = createFolderGate(time.timers);
  const files = systemTargetFiles(ask);
  const folder = join(temporaryFolder(), 'targets');
  mkdirSync(folder);
  const file = join(folder, 'a.yml');
  writeFileSync(file, '[]');
  const watch = await files.watch(folder, () => undefined);
  const answer = await silenceTwo(ask, time);
  for (const found of [await files.list(join(folder, '*.yml')), await files.read(file)]) {
    const { code, message } = found.ok ? expect.fail('nothing was asked') : found.error;
    expect(code).toBe('DISCOVERY_NOT_ASKED');
    for (const text of [message.zh, message.en]) expect(text).toContain('/net/a, /net/b');
  }
  const silent = await files.list('/net/b/*.yml');
  expect(silent).toMatchObject({ error: { code: 'DISCOVERY_SILENT' } });
  expect(await watch?.isAlive()).toBe(true);
  // A watch cannot begin on a folder that has not answered just before.
  expect(await files.watch(folder, () => undefined)).toBeNull();
  answer();
  await turn();
  expect(await files.list(join(folder, '*.yml'))).toEqual(ok([file]));
  expect(await watch?.isAlive()).toBe(true);
  rmSync(folder, { recursive: true });
  expect(await watch?.isAlive()).toBe(false);
  watch?.stop();
});

const PATTERN = '/net/t/*.yml';
const FILE = '/net/t/a.yml';
const discovery: FileDiscovery[] = [{ files: [PATTERN], refreshMs: 60_000 }];
const job = scrapeJobSchema.parse({ settings: { job: 'node' }, listed: [], discovery });

test('while a folder is silent its targets stay, it is told, and what changed meanwhile is read when it answers', async () => {
  const time = fakeTime(1_000);
  let isSilent = false;
  let text = '- targets: ["a:1", "b:1"]\n';
  const silent = err(appError('DISCOVERY_SILENT', { folder: '/net/t' }));
  const files: TargetFiles = {
    list: async () => (isSilent ? silent : ok([FILE])),
    read: async () => (isSilent ? silent : ok(text)),
    watch: async () => null,
  };
  const heard: boolean[] = [];
  const follower = createDiscovery({
    ...{ files, clock: time.clock, timers: time.timers },
    onRead: (_job, changed) => heard.push(changed),
  });
  follower.follow([job]);
  await expect.poll(() => heard).toEqual([true]);
  const first = planJobs([jobWithFiles(job, follower.filesOf('node'))], { hosts: [], targets: [] }, 0);
  expect(first.targets.map(({ config }) => config.address)).toEqual(['a:1', 'b:1']);
  const stored = { hosts: first.hosts, targets: first.targets };

  isSilent = true;
  text = '- targets: ["b:1"]\n';
  time.advance(60_000);
  await expect.poll(() => heard).toEqual([true, true]);
  const found = follower.filesOf('node');
  expect(found).toMatchObject({ missing: [], unseen: [PATTERN], errors: [{ code: 'DISCOVERY_SILENT' }] });
  expect(planJobs([jobWithFiles(job, found)], stored, 1)).toMatchObject({ gone: [], unchanged: 2 });

  // A console that starts now has read nothing yet; what is stored stays all the same.
  const fresh = createDiscovery({
    ...{ files, clock: time.clock, timers: time.timers },
    onRead: () => undefined,
  });
  expect(await fresh.read(job)).toBe(true);
  const started = jobWithFiles(job, fresh.filesOf('node'));
  expect(planJobs([started], stored, 1)).toMatchObject({
    gone: [],
    listed: [{ file: null }, { file: FILE, targets: 2 }],
  });
  expect(staysAsStored(started, FILE)).toBe(true);
  expect(staysAsStored(started, '/net/other/a.yml')).toBe(false);

  isSilent = false;
  time.advance(60_000);
  await expect.poll(() => heard).toEqual([true, true, true]);
  const back = planJobs([jobWithFiles(job, follower.filesOf('node'))], stored, 2);
  expect(back.gone.map(({ config }) => config.address)).toEqual(['a:1']);
  follower.close();
  fresh.close();
});
