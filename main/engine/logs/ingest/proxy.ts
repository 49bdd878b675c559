import type { LogEvent } from '#shared/contract/logs.ts';
import type { PipelineCounts } from '#shared/contract/logs-pipelines.ts';
import { type AppError, appError, describeThrown, err, type Result } from '#shared/errors/index.ts';
import type { Logger } from '../../platform/logger.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import { TaskFailure, type TaskRun, type TaskStarter } from '../../platform/worker-tasks.ts';
import type {
  DamagedIndex,
  FromIngest,
  IngestStart,
  SourceRow,
  SourceStatus,
  SyncOutcome,
  ToIngest,
} from '../messages.ts';
import type { StageConfig } from '../pipeline/stage.ts';
import type { ArrivalConfig, ArrivalNews } from '../search/arrivals.ts';
import type { StoreRetention } from '../store/retention.ts';

/** Receives what a live tail found. */
export type TailListener = (events: readonly LogEvent[], skipped: number) => void;

/** The reading thread as the engine's thread sees it. */
export type IngestProxy = {
  /** Starts the thread when it is not running. */
  readonly ensure: () => void;
  readonly setSources: (sources: readonly SourceRow[]) => void;
  /** Puts other masking and pipelines in force, for the lines read from now on. */
  readonly setStage: (stage: StageConfig) => void;
  readonly countArrivals: (arrivals: ArrivalConfig) => void;
  /** What the filters of each pipeline did since the thread began, by its identifier. */
  readonly pipelineCounts: () => Readonly<Record<string, readonly PipelineCounts[]>>;
  /** Has parts of the index made anew. */
  readonly mend: (index: DamagedIndex) => void;
  readonly setRetention: (retention: StoreRetention) => void;
  readonly sync: (signal: AbortSignal) => Promise<Result<SyncOutcome>>;
  /** Settles when the thread compares what it stores: lines written after that reach the listener, or are counted for it. */
  readonly startTail: (id: string, query: string, listener: TailListener) => Promise<void>;
  readonly stopTail: (id: string) => void;
  readonly status: () => ReadonlyMap<string, SourceStatus>;
  readonly linesPerSecond: () => number;
  readonly close: () => Promise<void>;
};

/** What the proxy needs. */
export type IngestProxyOptions = {
  readonly tasks: TaskStarter;
  readonly timers: Timers;
  readonly logger: Logger;
  /** What a (re)started thread is to know. */
  readonly start: () => IngestStart;
  readonly sourcesChanged: (ids: readonly string[]) => void;
  readonly dayRemoved: (day: string, reason: string) => void;
  /** Told what arrived since the last time. */
  readonly arrived?: (news: ArrivalNews) => void;
};

type LiveTail = {
  readonly query: string;
  readonly listener: TailListener;
  readonly started: () => void;
};

const RESTART_MS = [500, 1000, 2000, 5000, 15_000, 60_000];

/** Keeps a reading thread running: when it dies it is started again, later each time, and goes on where it stopped. */
export function startIngest(options: IngestProxyOptions): IngestProxy {
  let run: TaskRun<unknown> | null = null;
  let closing = false;
  let deaths = 0;
  let restart: CancelTimer | null = null;
  let nextCall = 1;
  let status = new Map<string, SourceStatus>();
  let rate = 0;
  let pipelines: Readonly<Record<string, readonly PipelineCounts[]>> = {};
  const syncs = new Map<number, (outcome: Result<SyncOutcome>) => void>();
  const tails = new Map<string, LiveTail>();
  const post = (message: ToIngest): void => run?.post(message);

  const heard = (message: unknown): void => {
    // The thread runs this area's own task, which posts exactly this.
    const news = message as FromIngest;
    if (news.kind === 'status') {
      deaths = 0;
      const changed = news.sources
        .filter((one) => changedForPeople(status.get(one.id), one))
        .map((one) => one.id);
      status = new Map(news.sources.map((one) => [one.id, one]));
      rate = news.linesPerSecond;
      pipelines = news.pipelines;
      if (changed.length > 0) options.sourcesChanged(changed);
    } else if (news.kind === 'synced') {
      syncs.get(news.call)?.(news.outcome);
      syncs.delete(news.call);
    } else if (news.kind === 'tail') tails.get(news.tail)?.listener(news.events, news.skipped);
    else if (news.kind === 'tail-started') tails.get(news.tail)?.started();
    else if (news.kind === 'arrivals') options.arrived?.(news.news);
    else if (news.kind === 'removed') {
      options.logger.log('info', 'log day removed by retention', { day: news.day, reason: news.reason });
      options.dayRemoved(news.day, news.reason);
    } else options.logger.log('warn', news.error.message.en, { code: news.error.code });
  };

  const died = (thrown: unknown): void => {
    run = null;
    const error = appError('LOG_INGEST_STOPPED', { why: describeThrown(thrown) });
    options.logger.log('error', error.message.en, {});
    for (const answer of syncs.values()) answer(err(error));
    syncs.clear();
    status = new Map([...status].map(([id, one]) => [id, { ...one, state: 'error', error }]));
    rate = 0;
    options.sourcesChanged([...status.keys()]);
    const wait = RESTART_MS[Math.min(deaths, RESTART_MS.length - 1)] ?? 60_000;
    deaths += 1;
    restart = options.timers.after(wait, ensure);
  };

  function ensure(): void {
    if (run !== null || closing) return;
    restart?.();
    restart = null;
    const started = options.tasks<unknown>('logs.ingest', options.start(), heard);
    run = started;
    started.result.then(
      () => {
        if (run === started && !closing) died(new Error('it ended by itself'));
      },
      (thrown: unknown) => {
        if (run === started && !closing)
          died(thrown instanceof TaskFailure ? thrown.error.message.en : thrown);
      },
    );
    for (const [tail, { query }] of tails) post({ kind: 'tail-start', tail, query });
  }

  return {
    ensure,
    setSources: (sources) => post({ kind: 'sources', sources }),
    mend: (index) => post({ kind: 'mend', ...index }),
    setRetention: (retention) => post({ kind: 'retention', retention }),
    setStage: (stage) => post({ kind: 'stage', stage }),
    countArrivals: (arrivals) => post({ kind: 'arrivals', arrivals }),
    pipelineCounts: () => pipelines,
    sync: (signal) => {
      ensure();
      const call = nextCall++;
      return new Promise((resolve) => {
        const cancel = (): void => {
          syncs.delete(call);
          resolve(err(cancelled()));
        };
        if (signal.aborted) {
          cancel();
          return;
        }
        signal.addEventListener('abort', cancel, { once: true });
        syncs.set(call, (outcome) => {
          signal.removeEventListener('abort', cancel);
          resolve(outcome);
        });
        post({ kind: 'sync', call });
      });
    },
    startTail: (tail, query, listener) => {
      ensure();
      // A thread that dies before it answers is started again and asked again.
      return new Promise((resolve) => {
        tails.set(tail, { query, listener, started: resolve });
        post({ kind: 'tail-start', tail, query });
      });
    },
    stopTail: (tail) => {
      tails.get(tail)?.started();
      if (tails.delete(tail)) post({ kind: 'tail-stop', tail });
    },
    status: () => status,
    linesPerSecond: () => rate,
    close: async () => {
      closing = true;
      restart?.();
      for (const answer of syncs.values()) answer(err(cancelled()));
      syncs.clear();
      for (const { started } of tails.values()) started();
      run?.cancel();
      // A thread that dies while it is being closed has nothing left to say; its files are as after a crash.
      await run?.result.catch((thrown: unknown) =>
        options.logger.log('warn', 'log thread died while closing', { why: describeThrown(thrown) }),
      );
      run = null;
    },
  };
}

function cancelled(): AppError {
  return appError('CANCELLED');
}

/** Growing numbers alone are no news: clients ask for them when they show them. */
function changedForPeople(before: SourceStatus | undefined, now: SourceStatus): boolean {
  if (before === undefined) return true;
  return (
    before.state !== now.state ||
    before.detectedFormat !== now.detectedFormat ||
    before.error?.code !== now.error?.code ||
    before.files.length !== now.files.length ||
    before.lines !== now.lines
  );
}
