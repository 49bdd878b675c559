import { fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { scrapeConfigSchema } from '#shared/contract/hosts.ts';
import { createCollectArea } from '../../main/engine/collect/index.ts';
import type { CollectTarget, ScrapeOutcome } from '../../main/engine/collect/types.ts';
import { createMetricsArea } from '../../main/engine/metrics/area.ts';
import { inspectExposition } from '../../main/engine/metrics/exposition/inspect.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { runDelayMs } from '../helpers/run-delay.ts';
import { silentLogger } from '../helpers/silent-logger.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const MIB = 1 << 20;
const RUN_MS = 30_000;
const GOOD_EVERY_MS = 4_000;
const LIMITS = { perTarget: 10_000, total: 200_000 };

/** What each hostile target must be refused with in the end; null is a scrape that is fine. */
const EXPECTED: Readonly<Record<string, string | null>> = {
  endless: 'SCRAPE_TOO_BIG',
  line: 'SCRAPE_TOO_BIG',
  'label-100-mb': 'SCRAPE_TOO_BIG',
  'label-60-mb': 'EXPOSITION_INVALID',
  'name-60-mb': 'EXPOSITION_INVALID',
  'help-60-mb': null,
  'series-10-m': 'SCRAPE_TOO_BIG',
  'series-3-m': 'TARGET_SERIES_LIMIT',
  'comments-2-m': 'TARGET_LINES_LIMIT',
  blank: null,
  'labels-2-m': 'EXPOSITION_INVALID',
  churn: 'TARGET_SERIES_CHURN',
  'churn-broken': 'EXPOSITION_INVALID',
  bomb: 'SCRAPE_TOO_BIG',
  drip: 'SCRAPE_TIMEOUT',
};

/** Starts the server in a process of its own. */
async function startServer(): Promise<{ readonly port: number; readonly stop: () => void }> {
  const child = fork(fileURLToPath(new URL('../helpers/hostile-server-child.ts', import.meta.url)));
  const port = await new Promise<number>((resolve) =>
    child.once('message', (message) => resolve(Number(message))),
  );
  return { port, stop: () => child.kill('SIGKILL') };
}

test('fifteen hostile targets cost bounded memory and time, and ten good ones do not notice', async () => {
  const hostile = await startServer();
  // The good ones have a process of their own too, or they would wait for the hostile ones there.
  const honest = await startServer();
  const target = (id: string, path: string, port: number, intervalMs: number): CollectTarget => ({
    id,
    kind: 'http',
    config: scrapeConfigSchema.parse({
      job: id,
      address: `127.0.0.1:${port}`,
      metricsPath: path,
      intervalMs,
      timeoutMs: intervalMs,
    }),
  });
  const good = Array.from({ length: 10 }, (_, n) => `good-${n}`);
  const metrics = createMetricsArea({
    folder: temporaryFolder('hostile'),
    clock: systemClock,
    timers: systemTimers,
    logger: silentLogger,
    seriesLimits: LIMITS,
  });
  if (!metrics.ok) throw new Error(metrics.error.message.en);
  const collect = createCollectArea({
    sink: metrics.value.sink,
    inspect: inspectExposition,
    clock: systemClock,
    timers: systemTimers,
    logger: silentLogger,
  });
  const outcomes: ScrapeOutcome[] = [];
  collect.watch((outcome) => void outcomes.push(outcome));
  const before = process.memoryUsage.rss();
  let peak = before;
  let stall = 0;
  let last = { at: performance.now(), delayedMs: runDelayMs() };
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
    const now = { at: performance.now(), delayedMs: runDelayMs() };
    // What other programs took of the machine is no stall.
    stall = Math.max(stall, now.at - last.at - (now.delayedMs - last.delayedMs));
    last = now;
  }, 10);
  const began = performance.now();
  collect.setTargets([
    ...good.map((id) => target(id, '/good', honest.port, GOOD_EVERY_MS)),
    ...Object.keys(EXPECTED).map((id) =>
      target(id, `/${id}`, hostile.port, id.startsWith('churn') ? 2_000 : 20_000),
    ),
  ]);
  const of = (id: string): readonly ScrapeOutcome[] => outcomes.filter(({ targetId }) => targetId === id);
  // A scrape that the machine was too busy for is no finding; the verdict on one that was read is.
  const verdict = (id: string): string | null | undefined => {
    const codes = of(id).map(({ error }) => error?.code ?? null);
    return id === 'drip' ? codes.at(-1) : codes.findLast((code) => code !== 'SCRAPE_TIMEOUT');
  };
  const verdicts = () => Object.fromEntries(Object.keys(EXPECTED).map((id) => [id, verdict(id)]));
  await wait(RUN_MS);
  await expect.poll(verdicts, { timeout: 120_000, interval: 1_000 }).toEqual(EXPECTED);
  const ranMs = performance.now() - began;
  clearInterval(watch);
  await collect.close();
  hostile.stop();
  honest.stop();

  const growth = (peak - before) / MIB;
  console.log(
    `memory +${growth.toFixed(0)} MiB at most, longest stall ${stall.toFixed(0)} ms, ${metrics.value.stats().series} series`,
  );
  for (const id of good) {
    const mine = of(id);
    expect(mine.filter(({ error }) => error !== null).map(({ error }) => error?.message.en)).toEqual([]);
    expect(mine.length).toBeGreaterThan((ranMs / GOOD_EVERY_MS) * 0.8);
    const gaps = mine.slice(1).map(({ at }, n) => at - (mine[n]?.at ?? at));
    expect(Math.max(...gaps)).toBeLessThan(2 * GOOD_EVERY_MS);
  }
  expect(growth).toBeLessThan(900);
  expect(stall).toBeLessThan(2_500);
  expect(metrics.value.stats().series).toBeLessThan(LIMITS.perTarget * 4 + 10 * 60 + 15 * 10);
  metrics.value.close();
});
