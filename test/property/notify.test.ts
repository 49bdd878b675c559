import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_DEPENDENCIES } from '../../main/engine/alerts/notify/causes.ts';
import { windowsBetween } from '../../main/engine/alerts/notify/windows.ts';
import { inShort, type Left, NOON, notifyBench, problemOf, withRoute } from '../helpers/notify-bench.ts';

const MINUTE = 60_000;
const IDS = ['a', 'b', 'c', 'd'];
const GROUP_INTERVAL_MS = 5 * MINUTE;

/** One thing that happens. */
type Step =
  | { readonly kind: 'open' | 'end' | 'ack' | 'unack'; readonly id: string }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'silence'; readonly id: string; readonly seconds: number }
  | { readonly kind: 'switch'; readonly dead: boolean };

const id = fc.constantFrom(...IDS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('open', 'end', 'ack', 'unack'), id }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('pass'), seconds: fc.integer({ min: 5, max: 900 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('silence'), id, seconds: fc.integer({ min: 30, max: 1200 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('switch'), dead: fc.boolean() }) },
);
const steps = fc.array(step, { maxLength: 30 });

const config = withRoute({
  groupBy: ['team'],
  groupIntervalMs: GROUP_INTERVAL_MS,
  repeatIntervalMs: 60 * MINUTE,
  escalation: [{ afterMs: 10 * MINUTE, receiver: 'full-screen' }],
});

/** Hosts a and b are behind the switch, whose alert is d. */
function play(script: readonly Step[], restarts: boolean, eachSecond?: () => void) {
  let switchIsDead = false;
  const open = new Set<string>();
  /** How many notices had left when each silence was made: one of the same moment may have left before it. */
  const leftBefore: number[] = [];
  const bench = notifyBench({
    config,
    stepMs: 5_000,
    dependencies: () => ({
      ...NO_DEPENDENCIES,
      isBehind: (host) => host === 'a' || host === 'b',
      causesOf: (host) => (switchIsDead && (host === 'a' || host === 'b') ? ['d'] : []),
    }),
  });
  const problem = (name: string) => problemOf(name, { host: name, team: name < 'c' ? 'x' : 'y' });
  for (const each of script) {
    if (each.kind === 'open' && !open.has(each.id)) {
      open.add(each.id);
      bench.open(problem(each.id));
    }
    if (each.kind === 'end' && open.delete(each.id)) bench.end(each.id);
    if (each.kind === 'ack') bench.acknowledge([each.id]);
    if (each.kind === 'unack') bench.unacknowledge([each.id]);
    if (each.kind === 'switch') switchIsDead = each.dead;
    if (each.kind === 'silence') {
      leftBefore.push(bench.left.length);
      bench.silences.push({
        id: `s${bench.silences.length}`,
        startsAt: bench.now(),
        endsAt: bench.now() + each.seconds * 1_000,
        by: 'Li',
        comment: 'x',
        test: (labels) => labels.host === each.id,
      });
    }
    if (each.kind === 'pass') bench.pass(each.seconds * 1_000);
    eachSecond?.();
    if (restarts) bench.restart();
  }
  return {
    bench,
    open,
    leftBefore,
    calm: () => {
      switchIsDead = false;
    },
  };
}

test('a restart after every step changes nothing that leaves, and nothing of the story', () => {
  fc.assert(
    fc.property(steps, (script) => {
      const straight = play(script, false).bench;
      const restarted = play(script, true).bench;
      expect(inShort(restarted.left)).toEqual(inShort(straight.left));
      expect(restarted.trace).toEqual(straight.trace);
    }),
    { numRuns: 150 },
  );
});

test('whoever was told that an alert fires is told that it ended, and then nothing is remembered', () => {
  fc.assert(
    fc.property(steps, (script) => {
      const { bench, open, calm } = play(script, false);
      calm();
      for (const each of open) bench.end(each);
      // Longer than flapping takes to calm down.
      bench.pass(120 * MINUTE);
      const told = new Map<string, boolean>();
      for (const { notice } of bench.left) {
        if (notice.receiver !== 'desktop') continue;
        for (const alert of notice.alerts) told.set(alert.id, alert.until === null);
      }
      expect([...told.values()]).not.toContain(true);
      expect(bench.state().alerts.size).toBe(0);
      expect(bench.state().groups.size).toBe(0);
    }),
    { numRuns: 150 },
  );
});

/** Notices by which a group tells news and repeats. */
const regular = ({ notice }: Left): boolean => ['firing', 'resolved', 'reminder'].includes(notice.kind);

test('a group tells its news no more often than group_interval, and nothing that is suppressed', () => {
  fc.assert(
    fc.property(steps, (script) => {
      const { bench, leftBefore } = play(script, false);
      const byGroup = Map.groupBy(
        bench.left.filter(regular).filter(({ notice }) => notice.receiver === 'desktop'),
        ({ notice }) => notice.groupKey,
      );
      for (const notices of byGroup.values())
        for (const [index, { second, notice }] of notices.entries()) {
          const before = notices[index - 1];
          if (before === undefined) continue;
          // A group that has come to its end is a new one afterwards.
          if (before.notice.kind === 'resolved' && notice.kind === 'firing') continue;
          expect(second - before.second).toBeGreaterThanOrEqual(GROUP_INTERVAL_MS / 1_000);
        }
      for (const [index, { notice }] of bench.left.entries())
        for (const alert of notice.alerts) {
          if (alert.until !== null) continue;
          const story = bench.trace.filter((entry) => entry.alert === alert.id && entry.at <= notice.at);
          const since = story.findLast(({ kind }) => kind === 'opened')?.at ?? 0;
          const silenced = bench.silences.some(
            (silence, made) =>
              silence.test(alert.labels) && index >= (leftBefore[made] ?? 0) && notice.at < silence.endsAt,
          );
          expect(silenced).toBe(false);
          expect(since).toBeLessThanOrEqual(notice.at);
        }
    }),
    { numRuns: 150 },
  );
});

test('every alert that is open long enough and that nothing suppresses has been told', () => {
  fc.assert(
    fc.property(steps, (script) => {
      const { bench, open, calm } = play(script, false);
      calm();
      bench.pass(60 * MINUTE);
      for (const name of open) {
        const alert = bench.state().alerts.get(name);
        if (alert === undefined || alert.ack !== null) continue;
        expect(alert.causes).toEqual([]);
        expect(alert.toldAt).not.toBeNull();
      }
    }),
    { numRuns: 150 },
  );
});

test('planning again at the same moment tells nothing more', () => {
  fc.assert(
    fc.property(steps, (script) => {
      const { bench } = play(script, false);
      bench.open();
      const [left, trace] = [bench.left.length, bench.trace.length];
      bench.open();
      bench.open();
      expect([bench.left.length, bench.trace.length]).toEqual([left, trace]);
    }),
    { numRuns: 100 },
  );
});

test('windows of a maintenance are what counting by hand gives', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 1, max: 30 * 60 }),
      fc.integer({ min: 0, max: 20_000 }),
      (weekday, hour, minutes, at) => {
        const schedule = {
          kind: 'recurring' as const,
          cron: `0 ${hour} * * ${weekday}`,
          zone: 'UTC',
          durationMs: minutes * MINUTE,
          from: null,
          until: null,
        };
        const moment = NOON + at * MINUTE;
        const [window] = windowsBetween(schedule, moment, moment + 1, 10);
        const day = new Date(moment);
        const midnight = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate());
        const starts = [0, 1, 2, 3, 4, 5, 6, 7]
          .map((back) => midnight - back * 1440 * MINUTE)
          .filter((start) => new Date(start).getUTCDay() === weekday)
          .map((start) => start + hour * 60 * MINUTE);
        const expected = starts.find((start) => start <= moment && moment < start + minutes * MINUTE);
        expect(window?.from).toBe(expected);
      },
    ),
  );
});
