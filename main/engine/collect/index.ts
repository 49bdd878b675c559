import { type AppError, appError, describeThrown, err, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { SecretSource } from '../platform/secrets.ts';
import type { Timers } from '../platform/timers.ts';
import { slotOffset } from './grid.ts';
import { lazyScrapeClient } from './http/lazy-client.ts';
import { isAskable } from './http/scrape-request.ts';
import { ingestSpec } from './ingest-spec.ts';
import { PROBE_CONTENT_TYPE, type RemoteClock } from './probes/check-probe.ts';
import { lazyTargetProbe } from './probes/lazy-probes.ts';
import { PROC_CONTENT_TYPE } from './proc/exposition.ts';
import { type AskHost, createProcReader } from './proc/reader.ts';
import { readSamples } from './read-samples.ts';
import { clockOfBody } from './remote-clock.ts';
import { createScheduler } from './scheduler.ts';
import type { ScrapeSink, TargetIngest } from './scrape-sink.ts';
import { type Trial, tryFigures, tryProbe, tryTarget } from './trial.ts';
import type { CollectTarget, InspectExposition, ScrapeOutcome, TargetSamples } from './types.ts';
import {
  createWorkstationCollector,
  WORKSTATION_CONTENT_TYPE,
  type WorkstationCollector,
} from './workstation/index.ts';

/** What the area is given by the composition root. */
export type CollectDeps = {
  readonly sink: ScrapeSink;
  /** Parses without storing, for trying a target; the metrics area's parser. */
  readonly inspect: InspectExposition;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Opens passwords and tokens that targets have sealed. */
  readonly secrets?: SecretSource;
  /** Runs {@link PROC_SCRIPT} on a host by one of the console's SSH logins. */
  readonly askHost?: AskHost;
  /** Stands in for the machine's own figures in tests. */
  readonly workstation?: WorkstationCollector;
};

/** Scrapes targets on time and hands what comes to the sink. */
export type CollectArea = {
  /** Makes the set of scraped targets exactly this. Unchanged targets go on undisturbed; those gone become stale. */
  readonly setTargets: (targets: readonly CollectTarget[]) => void;
  /** Hears of every finished scrape. */
  readonly watch: (listener: (outcome: ScrapeOutcome) => void) => void;
  /** Asks a target now, out of its turn; many such wishes within a second are one. */
  readonly askSoon: (id: string) => void;
  /** Tries a target now, storing nothing. */
  readonly tryScrape: (target: Omit<CollectTarget, 'id'>, signal: AbortSignal) => Promise<Trial>;
  /** Reads the samples of a target now, storing nothing. */
  readonly readSamples: (
    target: Omit<CollectTarget, 'id'>,
    signal: AbortSignal,
  ) => Promise<Result<TargetSamples>>;
  /** Stops scraping and waits for what is in flight. Nothing becomes stale: the engine may only be restarting. */
  readonly close: () => Promise<void>;
};

/** Most scrapes at the same time. A hanging target costs a socket; too low a bound would let the dead starve the living. */
const MOST_IN_FLIGHT = 1_000;
/** A target that an operator adds is scraped within this time, so that the page has something to show. */
const NEW_TARGET_WITHIN_MS = 1_000;
/** Between two askings of a target out of its turn. */
const ASK_AGAIN_AFTER_MS = 1_000;
/** When more are added at once, the grid spreads them. */
const MOST_AT_ONCE = 20;

/** What asking a target brought: a body, or an error, or both when a check failed and says how. */
type Fetched = {
  readonly body?: Uint8Array;
  readonly contentType: string | null;
  readonly error: AppError | null;
  readonly remoteClock?: RemoteClock | null;
};

type Active = {
  readonly target: CollectTarget;
  readonly key: string;
  readonly ingest: TargetIngest;
  readonly abort: AbortController;
  running: Promise<void> | null;
};

/** Makes the area. Nothing is scraped before `setTargets`. */
export function createCollectArea(deps: CollectDeps): CollectArea {
  const { clock, timers } = deps;
  const logger = deps.logger.child('collect');
  const client = lazyScrapeClient({
    clock,
    timers,
    ...(deps.secrets === undefined ? {} : { secrets: deps.secrets }),
  });
  const probe = lazyTargetProbe({ clock, timers });
  const workstation = deps.workstation ?? createWorkstationCollector(clock, timers);
  const readProc = createProcReader(deps.askHost);
  const active = new Map<string, Active>();
  const listeners: ((outcome: ScrapeOutcome) => void)[] = [];
  let closing = false;

  const tell = (outcome: ScrapeOutcome): void => {
    for (const listener of listeners) {
      try {
        listener(outcome);
      } catch (thrown) {
        // One listener's bug must not stop the scraping of all targets.
        logger.log('error', 'a listener threw', { target: outcome.targetId, thrown: describeThrown(thrown) });
      }
    }
  };

  const fetchBody = async (target: Omit<CollectTarget, 'id'>, signal: AbortSignal): Promise<Fetched> => {
    const failed = (error: AppError): Fetched => ({ contentType: null, error });
    if (target.refused !== undefined) return failed(target.refused);
    if (target.kind === 'this-workstation') {
      const own = await workstation();
      return own.ok
        ? { body: own.value, contentType: WORKSTATION_CONTENT_TYPE, error: null }
        : failed(own.error);
    }
    if (target.config.overSsh === undefined && !isAskable(target.config))
      return failed(appError('SCRAPE_BAD_ADDRESS', { address: target.config.address }));
    if (target.config.probe !== undefined)
      return { ...(await probe(target.config, signal)), contentType: PROBE_CONTENT_TYPE };
    if (target.config.overSsh !== undefined) {
      const figures = await readProc(target.config, signal);
      return figures.ok
        ? { body: figures.value, contentType: PROC_CONTENT_TYPE, error: null }
        : failed(figures.error);
    }
    const answer = await client.fetch(target.config, signal);
    return answer.ok ? { ...answer.value, error: null } : failed(answer.error);
  };

  const scrape = async (entry: Active, time: number): Promise<void> => {
    const start = clock.monotonic();
    const sentMs = clock.now();
    const fetched = await fetchBody(entry.target, entry.abort.signal);
    const receivedMs = clock.now();
    if (entry.abort.signal.aborted) return;
    const durationMs = clock.monotonic() - start;
    const durationSeconds = durationMs / 1000;
    const { body, contentType } = fetched;
    let { error } = fetched;
    let samples: number | null = null;
    if (body === undefined) {
      const stored = entry.ingest.fail({ time, durationSeconds });
      if (!stored.ok)
        logger.log('error', 'a failed scrape was not stored', {
          target: entry.target.id,
          code: stored.error.code,
        });
    } else {
      const stored = entry.ingest.succeed({ time, durationSeconds, body, contentType });
      if (stored.ok) samples = stored.value.scraped;
      else error ??= stored.error;
    }
    // The machine's own figures would only say that it agrees with itself.
    const tellsNone = body === undefined || entry.target.kind === 'this-workstation';
    const remoteClock = tellsNone
      ? null
      : (clockOfBody(body, sentMs, receivedMs) ?? fetched.remoteClock ?? null);
    const outcome: ScrapeOutcome = {
      ...{ targetId: entry.target.id, at: time, durationMs, samples, error },
      ...(remoteClock === null ? {} : { remoteClock }),
    };
    tell(outcome);
  };

  const scheduler = createScheduler({
    clock,
    timers,
    maxInFlight: MOST_IN_FLIGHT,
    skipped: (count, latestMs) =>
      logger.log('info', 'scrapes were skipped', { count, latestMs: Math.round(latestMs) }),
    run: async (id, time) => {
      const entry = active.get(id);
      if (!entry) return;
      entry.running = scrape(entry, time).catch((thrown: unknown) => {
        logger.log('error', 'a scrape threw', { target: id, thrown: describeThrown(thrown) });
        const error = appError('INTERNAL', { what: describeThrown(thrown) });
        tell({ targetId: id, at: time, durationMs: 0, samples: null, error });
      });
      await entry.running;
      entry.running = null;
    },
  });

  const end = (entry: Active): void => {
    active.delete(entry.target.id);
    scheduler.remove(entry.target.id);
    entry.abort.abort();
    entry.ingest.end(clock.now());
  };

  const begin = (target: CollectTarget, key: string, soon: boolean): void => {
    const { config } = target;
    const ingest = deps.sink.openTarget(ingestSpec(config));
    active.set(target.id, { target, key, ingest, abort: new AbortController(), running: null });
    const firstAfterMs =
      target.kind === 'this-workstation' ? 0 : soon ? slotOffset(target.id, NEW_TARGET_WITHIN_MS) : null;
    scheduler.put({
      id: target.id,
      intervalMs: config.intervalMs,
      ...(firstAfterMs === null ? {} : { firstAfterMs }),
    });
  };

  return {
    setTargets: (targets) => {
      if (closing) return;
      const wanted = new Map(targets.map((target) => [target.id, { target, key: JSON.stringify(target) }]));
      for (const entry of [...active.values()])
        if (wanted.get(entry.target.id)?.key !== entry.key) end(entry);
      const added = [...wanted.values()].filter(({ target }) => !active.has(target.id));
      for (const { target, key } of added) begin(target, key, added.length <= MOST_AT_ONCE);
    },
    watch: (listener) => {
      listeners.push(listener);
    },
    askSoon: (id) => scheduler.soon(id, ASK_AGAIN_AFTER_MS),
    tryScrape: ({ kind, config }, signal) => {
      const parts = { inspect: deps.inspect, clock };
      if (kind === 'this-workstation')
        return tryFigures(config, { ...parts, read: workstation, contentType: WORKSTATION_CONTENT_TYPE });
      if (config.overSsh !== undefined) {
        const read = () => readProc(config, signal);
        return tryFigures(config, { ...parts, read, contentType: PROC_CONTENT_TYPE });
      }
      return config.probe === undefined
        ? tryTarget(config, signal, { ...parts, client })
        : tryProbe(config, signal, { ...parts, probe });
    },
    readSamples: async (target, signal) => {
      const { body, contentType, error } = await fetchBody(target, signal);
      if (body === undefined) return err(error ?? appError('CANCELLED'));
      return readSamples(target.config, body, contentType, deps.inspect);
    },
    close: async () => {
      closing = true;
      scheduler.close();
      for (const entry of active.values()) entry.abort.abort();
      await Promise.all([...active.values()].map((entry) => entry.running));
      await client.close();
    },
  };
}
