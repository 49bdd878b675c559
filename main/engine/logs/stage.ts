import type { LogLevel } from '#shared/contract/logs.ts';

/**
 * What a pipeline changed on an event beyond what its format reads from the raw line. Stored with the event; applied
 * on top of the parsed fields whenever the event is shown or compared.
 */
export type EventChanges = {
  /** Replaces the parsed message; undefined keeps it. */
  readonly message?: string;
  /** Fields added or overwritten. */
  readonly set?: Readonly<Record<string, string>>;
  /** Parsed fields taken away. */
  readonly removed?: readonly string[];
  /** In the order in which they were added, each once. */
  readonly tags?: readonly string[];
};

/** A parsed line on its way through a pipeline. */
export type StageEvent = {
  /** The decoded text of the event; lines of a multi-line event are joined by `\n`. */
  readonly text: string;
  /** UTC milliseconds. */
  readonly time: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Name of the source and of the host it stands for, and the path it was read from. */
  readonly source: string;
  readonly host: string;
  readonly path: string;
};

/** What a pipeline makes of an event. */
export type StageVerdict =
  | {
      readonly keep: true;
      /** What is stored as the raw line: masked where masking is in force, else as it came. */
      readonly text: string;
      readonly time: number;
      readonly level: LogLevel;
      /** Name of the log stream, without a date; empty: the default stream. */
      readonly stream: string;
      readonly changes: EventChanges | null;
    }
  | {
      readonly keep: false /** Name of the filter that dropped it, for the counters. */;
      readonly by: string;
    };

/**
 * The stage between parser and store: masking, then the pipeline of the source. Pure and synchronous; it never throws
 * (a filter that fails marks the event with a tag, as Logstash does), and runs in the log thread.
 */
export interface EventStage {
  /** False: `apply` would keep every event of this source as it is; ingestion then skips building its input. */
  concerns(source: string): boolean;
  apply(event: StageEvent): StageVerdict;
}
