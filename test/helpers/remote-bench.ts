import { join } from 'node:path';
import type { RemoteState } from '#shared/contract/remote.ts';
import { remoteEndpointSchema } from '#shared/contract/remote.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { createRemoteArea, type RemoteArea } from '../../main/engine/remote/area.ts';
import { answered, type MetricsBench, openMetrics } from './metrics-area.ts';
import { consoleDatabase } from './notices.ts';
import { PATIENCE_MS } from './patience.ts';
import { newVault } from './secrets.ts';
import { silentLogger } from './silent-logger.ts';

/** A series store with the sending on top, on a folder. */
export type RemoteBench = {
  readonly metrics: MetricsBench;
  readonly remote: RemoteArea;
  /** Sends from now on to an address. @returns its id */
  readonly add: (url: string, settings?: Readonly<Record<string, unknown>>) => string;
  readonly state: (id?: string) => RemoteState;
  /** Waits until nothing is left to send, or fails with how it stands. */
  readonly drained: (ms?: number) => Promise<void>;
  /** Waits until something is so. */
  readonly until: (what: () => boolean, ms?: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens both as the engine does. Upkeep runs when the test says so, sending in real time. */
export function openRemote(folder: string, now: number, windowMs?: number): RemoteBench {
  const metrics = openMetrics(folder, now, windowMs === undefined ? {} : { windowMs });
  const opened = createRemoteArea({
    folder: join(folder, 'remote'),
    commits: metrics.area.commits,
    secrets: newVault(consoleDatabase(folder)),
    clock: { now: () => metrics.now, monotonic: () => performance.now() },
    // Long pauses between attempts are cut short; a server's Retry-After of a second is not.
    timers: {
      after: (ms, call) => systemTimers.after(Math.min(ms, 2_000), call),
      every: systemTimers.every,
    },
    logger: silentLogger,
    broadcast: () => undefined,
    sending: true,
    random: () => 0,
  });
  if (!opened.ok) throw new Error(opened.error.message.en);
  const remote = opened.value;
  const until = async (what: () => boolean, ms = PATIENCE_MS): Promise<void> => {
    const deadline = performance.now() + ms;
    while (!what()) {
      if (performance.now() > deadline) throw new Error(JSON.stringify(remote.status()));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return {
    metrics,
    remote,
    add: (url, settings = {}) => {
      const name = `endpoint ${remote.status().endpoints.length}`;
      const endpoint = remoteEndpointSchema.parse({ name, url, flushMs: 100, ...settings });
      const before = new Set(remote.status().endpoints.map(({ id }) => id));
      const added = remote.adopt([endpoint]);
      if (!added.ok) throw new Error(added.error.message.en);
      return remote.status().endpoints.find(({ id }) => !before.has(id))?.id ?? '';
    },
    state: (id) => {
      const { endpoints } = remote.status();
      const found = id === undefined ? endpoints[0] : endpoints.find((one) => one.id === id);
      if (found === undefined) throw new Error('no such endpoint');
      return found;
    },
    drained: (ms) => until(() => remote.status().endpoints.every((one) => one.backlogSamples === 0), ms),
    until,
    close: async () => {
      await remote.close();
      metrics.area.close();
    },
  };
}

/** Scrapes `series` gauges and a counter `times` times, every `step` milliseconds from `bench.metrics.now` on. */
export function scrapeMany(bench: RemoteBench, times: number, series: number, step = 15_000): void {
  const target = bench.metrics.target();
  for (let i = 0; i < times; i++) {
    const lines = [`requests_total ${bench.metrics.now / 1000}`];
    for (let s = 0; s < series; s++)
      lines.push(`load{n="${s}"} ${((bench.metrics.now / 15_000) * (s + 1)) % 977}`);
    const stored = target.succeed(answered(bench.metrics.now, `${lines.join('\n')}\n`));
    if (!stored.ok) throw new Error(stored.error.message.en);
    bench.metrics.now += step;
  }
}
