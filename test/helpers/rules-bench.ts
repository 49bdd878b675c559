import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { CallContext } from '#shared/contract/index.ts';
import { type Labels, labelsFromRecord } from '#shared/domain/labels.ts';
import type { Result } from '#shared/errors/index.ts';
import { createMetricsArea } from '../../main/engine/metrics/area.ts';
import { createPromqlEngine } from '../../main/engine/promql/engine.ts';
import { type AuthoredRules, createAuthoredRules } from '../../main/engine/rule-authoring.ts';
import { consoleMigrations } from '../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../main/engine/storage/sqlite.ts';
import type { FakeTime } from './fake-time.ts';
import { silentLogger } from './silent-logger.ts';

/** A call of which nothing is cancelled and whose events nobody hears. */
export const quietCall: CallContext = {
  signal: new AbortController().signal,
  emit: () => undefined,
  closed: new AbortController().signal,
};

/** What a result holds; a failure fails the test with its sentence. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message.en);
  return result.value;
}

/** Lets everything that waits for the event loop, not for a timer, come to its end. */
async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Rules over a real store in virtual time. */
export type RulesBench = {
  readonly rules: AuthoredRules;
  readonly time: FakeTime;
  /** Moves the time in steps, with everything that follows from it. */
  readonly pass: (seconds: number, step?: number) => Promise<void>;
  /** Stores a sample of `name` or `name{label=value,…}` at each step from now on; null ends the series. */
  readonly feed: (series: string, value: number | null) => void;
  readonly ask: (expr: string) => Promise<Record<string, number>>;
  /** Times of the samples of each series of a range, by its labels. */
  readonly times: (range: string) => Promise<Record<string, readonly number[]>>;
  readonly put: (name: string, text: string) => Promise<{ readonly problems: readonly unknown[] }>;
  readonly stop: () => Promise<void>;
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function labelsOf(series: string): Labels {
  const [name = '', rest = ''] = series.split(/[{}]/);
  const pairs = rest === '' ? [] : rest.split(',').map((each) => each.split('=') as [string, string]);
  return labelsFromRecord({ __name__: name, ...Object.fromEntries(pairs) });
}

/**
 * Opens the bench on a folder; it is closed after the test.
 *
 * @param early what is asked of the rules before they begin
 */
export async function openRulesBench(
  folder: string,
  time: FakeTime,
  ruleTimeoutMs = 30_000,
  early: (rules: AuthoredRules) => Promise<unknown> = () => Promise.resolve(),
): Promise<RulesBench> {
  mkdirSync(join(folder, 'metrics'), { recursive: true });
  const db = unwrap(
    openWritable(join(folder, 'console.db'), { migrations: consoleMigrations, synchronous: 'FULL' }),
  );
  const { clock } = time;
  const metrics = unwrap(
    createMetricsArea({
      folder: join(folder, 'metrics'),
      clock,
      timers: { after: time.timers.after, every: () => () => undefined },
      logger: silentLogger,
    }),
  );
  const promql = createPromqlEngine({ source: metrics.store, monotonic: clock.monotonic });
  const rules = createAuthoredRules({
    db,
    promql,
    metrics,
    defaults: () => ({ intervalMs: 15_000, externalLabels: { site: 'hall' } }),
    externalUrl: () => 'http://console',
    clock,
    timers: time.timers,
    logger: silentLogger,
    ruleTimeoutMs,
    withStarter: false,
  });
  await early(rules);
  await rules.start();
  const fed = new Map<string, number>();
  let isOpen = true;
  const stop = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await rules.close();
    metrics.close();
    db.close();
  };
  closers.push(stop);
  return {
    rules,
    time,
    feed: (series, sample) => {
      if (sample === null) {
        fed.delete(series);
        metrics.sink.compute({ time: clock.now(), samples: [], ended: [labelsOf(series)] });
      } else fed.set(series, sample);
    },
    pass: async (seconds, step = 1) => {
      for (let i = 0; i < seconds; i += step) {
        const samples = [...fed].map(([series, sample]) => ({ labels: labelsOf(series), value: sample }));
        metrics.sink.compute({ time: clock.now(), samples, ended: [] });
        time.advance(step * 1000);
        await settle();
      }
    },
    ask: async (expr) => {
      const result = unwrap(await promql.instant(expr, clock.now()));
      if (result.type !== 'vector') throw new Error(result.type);
      return Object.fromEntries(result.series.map(({ labels, value }) => [labels.join(' '), value]));
    },
    times: async (range) => {
      const result = unwrap(await promql.instant(range, clock.now()));
      if (result.type !== 'matrix') throw new Error(result.type);
      return Object.fromEntries(result.series.map(({ labels, times }) => [labels.join(' '), [...times]]));
    },
    put: async (name, text) =>
      unwrap(
        await rules.handlers['rules.files.put']({ name, text, enabled: true, dryRun: false }, quietCall),
      ),
    stop,
  };
}
