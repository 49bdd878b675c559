import type { LookupFunction } from 'node:net';
import type { CheckKind, CheckOf, CheckResult } from '#shared/contract/checks.ts';
import type { AppError, Bilingual, Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Timers } from '../../platform/timers.ts';
import type { Family } from '../workstation/families.ts';
import type { StepLog } from './steps.ts';

/** The content type of what a probed target or a check leaves. */
export const PROBE_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Reads a secret from the sealed store by its reference. */
export type ReadSecret = (ref: string) => Promise<Result<string>>;

/** Runs a query over a SQLite file away from the engine's thread; the first column of the first row as text, or null. */
export type ReadSqlite = (
  ask: { readonly file: string; readonly query: string; readonly timeoutMs: number },
  signal: AbortSignal,
) => Promise<Result<string | null>>;

/** What every kind of check is made with. */
export type ProbeDeps = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly lookup: LookupFunction;
  readonly secret: ReadSecret;
  readonly sqlite: ReadSqlite;
};

/** One check that is being made. */
export type Asking<K extends CheckKind> = {
  readonly what: CheckOf<K>;
  readonly timeoutMs: number;
  /** Aborted when the check's time is over, and when nobody wants its answer any more. */
  readonly signal: AbortSignal;
  readonly steps: StepLog;
};

/** What a check found. */
export type Finding = {
  /** Why it failed; null: it passed. */
  readonly error: AppError | null;
  /** What the other side says of itself; otherwise `critical` when it failed, else `ok`. */
  readonly state?: CheckResult['state'];
  /** One sentence about what was found; the error's own when left out. */
  readonly sentence?: Bilingual;
  /** Figures that thresholds can name; the time it took is added by the caller. */
  readonly measures?: Readonly<Record<string, number>>;
  readonly families?: readonly Family[];
  /** Series as the other side wrote them, in the text format. */
  readonly exposition?: string;
  /** What the other side said. */
  readonly output?: string;
  /** What the other side takes the time to be, and when it said so, for the offset of its clock. */
  readonly remoteClock?: RemoteClock;
};

/** A clock that was read: its UTC milliseconds, how coarse it is, and when it was asked and had answered here. */
export type RemoteClock = {
  readonly by: 'http_date' | 'node_time' | 'zabbix';
  readonly remoteMs: number;
  /** The true time of the other side is within `remoteMs` … `remoteMs + coarseMs`. */
  readonly coarseMs: number;
  readonly sentMs: number;
  readonly receivedMs: number;
};

/** Makes one kind of check. Never rejects for anything that the other side does. */
export type CheckProbe<K extends CheckKind> = (asking: Asking<K>) => Promise<Finding>;

/** A finding that says only why it failed. */
export function failed(error: AppError, more: Omit<Finding, 'error'> = {}): Finding {
  return { ...more, error };
}
