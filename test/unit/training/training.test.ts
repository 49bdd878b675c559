import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trainingIncidentIds } from '#shared/contract/training.ts';
import { inspectExposition } from '../../../main/engine/metrics/exposition/inspect.ts';
import { type Counters, exposition, figuresAt, work } from '../../../main/engine/training/figures.ts';
import { INCIDENTS } from '../../../main/engine/training/incidents.ts';
import { type LessonFacts, planLessons } from '../../../main/engine/training/lessons.ts';
import { logLines } from '../../../main/engine/training/log-lines.ts';
import { TRAINING_NODES } from '../../../main/engine/training/nodes.ts';
import {
  deleteArchive,
  flipByte,
  hashOf,
  makeSiteFiles,
  trainingPaths,
} from '../../../main/engine/training/site-files.ts';
import {
  beginAnewIfAsked,
  isTrainingFolder,
  prepareTrainingFolder,
  readState,
} from '../../../main/engine/training/state-file.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const NOTHING: LessonFacts = {
  seen: new Set(),
  active: new Set(),
  alertRaised: false,
  nodeUp: true,
  answered: false,
  rotated: false,
  points: 0,
  verifiedPoints: 0,
  restored: false,
  drillsPassed: 0,
  done: new Set(),
  logFile: '/site/logs/app-1.log',
};
const node = (name: string) => TRAINING_NODES.find((one) => one.name === name) ?? TRAINING_NODES[0];

test('the site has three tiers: two balancers, six applications, two databases', () => {
  const tiers = Map.groupBy(TRAINING_NODES, ({ tier }) => tier);
  expect([...tiers].map(([tier, nodes]) => [tier, nodes.length])).toEqual([
    ['presentation', 2],
    ['business', 6],
    ['data', 2],
  ]);
  expect(new Set(INCIDENTS.map(({ id }) => id))).toEqual(new Set(trainingIncidentIds));
  for (const incident of INCIDENTS) expect(TRAINING_NODES.map(({ name }) => name)).toContain(incident.node);
});

test('every machine answers what the console can parse, and counts upwards', () => {
  for (const one of TRAINING_NODES) {
    const counters: Counters = { requests: 0, errors: 0, busySeconds: 0, cpuSeconds: 1 };
    const figures = figuresAt(one, NOW, new Map());
    work(counters, figures, 10);
    const text = exposition(one, counters, figures, NOW, 12);
    const parsed = inspectExposition(Buffer.from(text), null, {
      labels: {},
      honorLabels: false,
      metricRelabel: [],
      sampleLimit: 0,
    });
    expect(parsed.ok).toBe(true);
    expect(counters.requests).toBeGreaterThan(10);
    expect(text).toContain('node_filesystem_avail_bytes');
    expect(text).toContain('archive_files 12');
  }
});

test('incidents change the figures of their machine and of no other', () => {
  const active = new Map(INCIDENTS.map(({ id }) => [id, NOW - 15_000]));
  const calm = (name: string) => figuresAt(node(name) ?? never(), NOW, new Map());
  const hurt = (name: string) => figuresAt(node(name) ?? never(), NOW, active);
  expect(hurt('app-2').diskFree).toBeCloseTo(calm('app-2').diskFree - 0.3);
  expect(hurt('app-4').failing).toBe(0.4);
  expect(hurt('app-5').clockAhead).toBe(30);
  expect(hurt('db-1').secondsPerRequest).toBeCloseTo(calm('db-1').secondsPerRequest * 40);
  expect(hurt('db-2')).toEqual(calm('db-2'));
  expect(hurt('app-1').diskFree).toBe(calm('app-1').diskFree);
});

test('the order that fails most is the answer of the log lesson', () => {
  const app = node('app-4') ?? never();
  const figures = figuresAt(app, NOW, new Map([['error_burst', NOW - 1_000]]));
  const orders = new Map<string, number>();
  for (let tick = 0; tick < 60; tick += 1)
    for (const line of logLines(app, figures, { now: NOW, tick, failingOrder: 'SO-300007' })) {
      const { level, order } = JSON.parse(line) as { level: string; order: string };
      if (level === 'error') orders.set(order, (orders.get(order) ?? 0) + 1);
    }
  const [most] = [...orders].sort(([, a], [, b]) => b - a);
  expect(most?.[0]).toBe('SO-300007');
  expect(orders.size).toBeGreaterThan(3);
});

test('steps are done by facts, in order', () => {
  const done = (facts: Partial<LessonFacts>, id: string) =>
    planLessons({ ...NOTHING, ...facts })
      .find((lesson) => lesson.id === id)
      ?.steps.map((step) => step.done);
  expect(done({}, 'alert')).toEqual([false, false, false]);
  const down = { seen: new Set(['node_down'] as const), active: new Set(['node_down'] as const) };
  expect(done({ ...down, nodeUp: false }, 'alert')).toEqual([true, false, false]);
  expect(done({ ...down, alertRaised: true, nodeUp: false }, 'alert')).toEqual([true, true, false]);
  expect(done({ ...down, active: new Set(), alertRaised: true }, 'alert')).toEqual([true, true, true]);
  // Verified, but of no point: the first step is still to do.
  expect(done({ verifiedPoints: 1 }, 'backup')).toEqual([false, false]);
  expect(done({ points: 1, verifiedPoints: 1 }, 'backup')).toEqual([true, true]);
  const gone = { points: 1, seen: new Set(['deleted_data'] as const) };
  expect(done(gone, 'restore')).toEqual([true, true, false]);
  expect(done({ ...gone, restored: true }, 'restore')).toEqual([true, true, true]);
});

test('what was learned stays so, and a step says where the file is that it is about', () => {
  const lessons = planLessons({ ...NOTHING, done: new Set(['backup.0', 'backup.1', 'alert.1']) });
  const done = (id: string) => lessons.find((lesson) => lesson.id === id)?.steps.map((step) => step.done);
  expect(done('backup')).toEqual([true, true]);
  // A later step was done; the first was not.
  expect(done('alert')).toEqual([false, false, false]);
  const steps = lessons.flatMap((lesson) => lesson.steps);
  expect(steps.map(({ copy }) => copy)).toContain(NOTHING.logFile);
  // Every step can be done from where it stands.
  for (const { link, starts, ends } of steps) expect(link ?? starts ?? ends).not.toBeNull();
});

test('to begin anew gives up what was there, of a training site only', () => {
  const dir = temporaryFolder();
  expect(prepareTrainingFolder(dir).ok).toBe(true);
  makeSiteFiles(dir, TRAINING_NODES);
  writeFileSync(join(dir, 'console.db'), 'old');
  writeFileSync(join(dir, 'mine.txt'), 'not of the console');
  expect(beginAnewIfAsked({ dir }).dir).toBe(dir);
  expect(existsSync(trainingPaths(dir).archiveOf('db-1'))).toBe(true);
  expect(prepareTrainingFolder(dir, true).ok).toBe(true);
  beginAnewIfAsked({ dir });
  expect(existsSync(join(dir, 'console.db'))).toBe(false);
  expect(existsSync(trainingPaths(dir).files)).toBe(false);
  expect(existsSync(join(dir, 'mine.txt'))).toBe(true);
  expect(readState(dir)).toMatchObject({ value: { anew: false, seen: [], done: [] } });
  // A damaged state is one more reason to begin anew.
  writeFileSync(join(dir, 'training.json'), '{');
  expect(prepareTrainingFolder(dir, true).ok).toBe(true);
  expect(readState(dir).ok).toBe(true);
  const real = temporaryFolder();
  writeFileSync(join(real, 'console.db'), 'real');
  expect(prepareTrainingFolder(real, true).ok).toBe(false);
  beginAnewIfAsked({ dir: real });
  expect(readFileSync(join(real, 'console.db'), 'utf8')).toBe('real');
});

test('deleted files are known again, and a flipped byte leaves size and time', () => {
  const dir = temporaryFolder();
  makeSiteFiles(dir, TRAINING_NODES);
  const file = join(trainingPaths(dir).archiveOf('db-2'), '2026-06.csv');
  const [before, stats] = [readFileSync(file), statSync(file)];
  flipByte(dir, 'db-2');
  const after = readFileSync(file);
  expect(after.length).toBe(before.length);
  expect(after.filter((byte, at) => byte !== before[at])).toHaveLength(1);
  expect(statSync(file).mtimeMs).toBe(stats.mtimeMs);
  const deleted = deleteArchive(dir, 'db-1');
  expect(deleted).toHaveLength(12);
  expect(existsSync(trainingPaths(dir).archiveOf('db-1'))).toBe(false);
  expect(deleteArchive(dir, 'db-1')).toEqual([]);
  const [first = never()] = deleted;
  expect(hashOf(first.path)).toBeNull();
  // A start after that does not put them back.
  makeSiteFiles(dir, TRAINING_NODES);
  expect(hashOf(first.path)).toBeNull();
});

test('a real data folder is never made a training site', () => {
  const real = temporaryFolder();
  writeFileSync(join(real, 'console.db'), '');
  expect(prepareTrainingFolder(real)).toMatchObject({ error: { code: 'TRAINING_FOLDER_REAL' } });
  expect(isTrainingFolder(real)).toBe(false);
  const own = join(temporaryFolder(), 'deep', 'folder');
  expect(prepareTrainingFolder(own).ok).toBe(true);
  expect(prepareTrainingFolder(own).ok).toBe(true);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'training.json'), '{');
  expect(readState(own)).toMatchObject({ error: { code: 'TRAINING_FILE_DAMAGED' } });
});

function never(): never {
  throw new Error('it is not there');
}
