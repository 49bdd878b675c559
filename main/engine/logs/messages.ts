import type { RequestOutput } from '#shared/contract/index.ts';
import type { LogContextScope, LogEvent, LogSource } from '#shared/contract/logs.ts';
import type { PipelineCounts } from '#shared/contract/logs-pipelines.ts';
import type { LogEncoding, LogMultiline, LogRemote } from '#shared/contract/logs-reading.ts';
import type { LogField } from '#shared/contract/logs-search.ts';
import type { ClockPoints } from '#shared/domain/host-clock.ts';
import type { AppError, Result } from '#shared/errors/index.ts';
import type { StageConfig } from './pipeline/stage.ts';
import type { ArrivalConfig, ArrivalNews } from './search/arrivals.ts';
import type { FoundPattern } from './search/pattern-collector.ts';
import type { StoreRetention } from './store/retention.ts';

/** How a source is read beyond its path and format. */
export type SourceReading = {
  /** Further paths, folders or globs. */
  readonly more: readonly string[];
  readonly exclude: readonly string[];
  readonly encoding: LogEncoding;
  readonly multiline: LogMultiline;
  readonly remote: LogRemote | null;
};

/** A source as it stands in console.db. */
export type SourceRow = {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly format: string;
  readonly host: string;
  readonly zone: string;
  readonly from: 'beginning' | 'end';
  /** Left out: one path, and every default. */
  readonly reading?: SourceReading;
};

/** What the log thread is started with. */
export type IngestStart = {
  readonly folder: string;
  readonly sources: readonly SourceRow[];
  readonly retention: StoreRetention;
  /** False: reads only when asked to (`logs sync` of a command that ends soon). */
  readonly follow: boolean;
  /** Masking and pipelines; left out: every event is kept as it is. */
  readonly stage?: StageConfig;
  /** What is counted as lines arrive; left out: nothing. */
  readonly arrivals?: ArrivalConfig;
};

/** What the engine tells the log thread. */
export type ToIngest =
  | { readonly kind: 'sources'; readonly sources: readonly SourceRow[] }
  | { readonly kind: 'stage'; readonly stage: StageConfig }
  | ({ readonly kind: 'mend' } & DamagedIndex)
  | { readonly kind: 'sync'; readonly call: number }
  | { readonly kind: 'retention'; readonly retention: StoreRetention }
  | { readonly kind: 'arrivals'; readonly arrivals: ArrivalConfig }
  | { readonly kind: 'tail-start'; readonly tail: string; readonly query: string }
  | { readonly kind: 'tail-stop'; readonly tail: string };

/** What a sync found. */
export type SyncOutcome = { readonly lines: number; readonly bytes: number; readonly files: number };

/** What the log thread knows of one source. */
export type SourceStatus = Pick<
  LogSource,
  'id' | 'detectedFormat' | 'state' | 'error' | 'files' | 'lines' | 'lastEventAt' | 'lagBytes'
>;

/** What the log thread tells the engine. */
export type FromIngest =
  | {
      readonly kind: 'status';
      readonly sources: readonly SourceStatus[];
      readonly linesPerSecond: number;
      /** What the filters of each pipeline did, by its identifier. */
      readonly pipelines: Readonly<Record<string, readonly PipelineCounts[]>>;
    }
  | { readonly kind: 'synced'; readonly call: number; readonly outcome: Result<SyncOutcome> }
  /** From now on what is stored is compared with this tail. */
  | { readonly kind: 'tail-started'; readonly tail: string }
  | {
      readonly kind: 'tail';
      readonly tail: string;
      readonly events: readonly LogEvent[];
      readonly skipped: number;
    }
  | { readonly kind: 'arrivals'; readonly news: ArrivalNews }
  | { readonly kind: 'removed'; readonly day: string; readonly reason: string }
  | { readonly kind: 'trouble'; readonly error: AppError };

/** A query over a range of times, both ends included. */
type Windowed = {
  readonly query: string;
  readonly start: number | undefined;
  readonly end: number | undefined;
};

/** What the engine asks the search thread. */
export type SearchCall =
  | (Windowed & {
      readonly method: 'search';
      readonly limit: number;
      readonly cursor: string | undefined;
      /** `later`: answers without having counted all. */
      readonly count: 'wait' | 'later';
    })
  | (Windowed & { readonly method: 'count' })
  | (Windowed & {
      readonly method: 'histogram';
      readonly start: number;
      readonly end: number;
      readonly buckets: number;
    })
  | (Windowed & {
      readonly method: 'fields';
      readonly fields: readonly string[] | null;
      readonly top: number;
    })
  | (Windowed & { readonly method: 'patterns' })
  | ({ readonly method: 'context' } & ContextCall);

/** Which lines around an event are wanted. */
export type ContextCall = {
  readonly id: string;
  readonly before: number;
  readonly after: number;
  readonly of: LogContextScope;
  readonly cursor: string | undefined;
  /** Clocks by which lines of several logs are put in order. */
  readonly clocks: readonly HostClock[];
  /** When the clocks were looked at; goes along in cursors, so that a later answer is of the same order. */
  readonly asOf: number;
};

/** How far off the clock of a host was. */
export type HostClock = { readonly host: string; readonly points: ClockPoints };

/** What each call of the search thread answers. */
export type SearchAnswers = {
  readonly search: {
    readonly events: LogEvent[];
    readonly total: number;
    readonly exact: boolean;
    readonly cursor: string | null;
  };
  readonly count: { readonly total: number };
  readonly histogram: {
    readonly bucketMs: number;
    readonly buckets: readonly { readonly time: number; readonly counts: readonly number[] }[];
  };
  readonly fields: { readonly events: number; readonly fields: LogField[]; readonly more: number };
  readonly patterns: { readonly events: number; readonly patterns: readonly FoundPattern[] };
  readonly context: RequestOutput<'logs.context'>;
};

export type ToSearch =
  | {
      readonly kind: 'call';
      readonly call: number;
      readonly request: SearchCall;
      /** Whether somebody wants to hear how far it is. */
      readonly progress: boolean;
    }
  | { readonly kind: 'cancel'; readonly call: number }
  | { readonly kind: 'forget'; readonly day: string };

/** How far a search is. */
export type SearchProgress = {
  /** 0 … 1 */
  readonly share: number;
  readonly found: number;
  /** Events that are certain to be on the page and were not told yet, newest first. */
  readonly events: readonly LogEvent[];
};

/** Segments of a day's index that a search found damaged: it went on without them, and they are to be made anew. */
export type DamagedIndex = { readonly day: string; readonly segments: readonly number[] };

export type FromSearch =
  | ({ readonly kind: 'damaged' } & DamagedIndex)
  | ({ readonly kind: 'progress'; readonly call: number } & SearchProgress)
  | {
      readonly kind: 'answer';
      readonly call: number;
      readonly outcome: Result<SearchAnswers[keyof SearchAnswers]>;
    };
