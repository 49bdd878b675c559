import type { DatabaseSource } from '#shared/contract/backup-sources.ts';
import type { Job } from '#shared/contract/jobs.ts';
import type { DrilledDatabase } from '#shared/contract/recovery-drills.ts';
import type { DataClass } from '#shared/contract/recovery-register.ts';
import type { Evidence } from '#shared/contract/restore.ts';
import type { AppError, Result } from '#shared/errors/index.ts';

/** What recovery must know of a backup plan. */
export type PlanFacts = {
  readonly name: string;
  readonly dataClass: DataClass;
  readonly rpoMs: number | null;
  readonly rtoMs: number | null;
  readonly databases: readonly DatabaseSource[];
  readonly createdAt: number;
  /** The plan's settings, as they are stored: what the stamp of a drill vouches for. */
  readonly spec: Readonly<Record<string, unknown>>;
};

/** What recovery must know of a restore point. */
export type PointFacts = {
  readonly id: string;
  readonly plan: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly verifiedAt: number | null;
  /** True when every archive that a restore of it reads is there and intact. */
  readonly restorable: boolean;
  /** Why it cannot be opened now, for want of a key; null when it can. */
  readonly locked: AppError | null;
  /** True when the newest verification found damage. */
  readonly damaged: boolean;
  readonly copies: readonly CopyFacts[];
};

/** Where a copy of a point is. */
export type CopyFacts = {
  /** Copies of the same place share one fate, e.g. a file system, or a medium's id. */
  readonly place: string;
  /** `disk`: built in; `removable`: taken out and in; `network`: on another machine. */
  readonly media: 'disk' | 'removable' | 'network';
  readonly name: string;
  readonly intact: boolean;
  /** True on the very disk that the original is on: what takes the one takes the other. */
  readonly besideOriginal: boolean;
  /** Where a medium lies that is not here, as its ledger says. */
  readonly location: string;
  /** True while it is not connected: nothing that befalls this machine reaches it. */
  readonly offline: boolean;
  /** True when it cannot be written to again (write-once, or locked). */
  readonly immutable: boolean;
};

/** A restore that was not a drill, for measuring. */
export type RestoreFacts = {
  readonly id: string;
  readonly plan: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** True when the whole point came back, read back and compared. */
  readonly whole: boolean;
};

/** What the recovery area asks of the others. */
export type RecoverySources = {
  readonly plans: () => readonly PlanFacts[];
  /** The newest first. */
  readonly points: () => readonly PointFacts[];
  readonly restores: () => readonly RestoreFacts[];
};

/** Restores a whole point into a folder, with the machinery of every restore. */
export type DrillRestore = {
  readonly run: (request: {
    readonly pointId: string;
    readonly dir: string;
    readonly signal: AbortSignal;
    /** Told the restore's id before anything is written, so that it can be forgotten after a power cut. */
    readonly began: (restoreId: string) => void;
    readonly progress: (progress: NonNullable<Job['progress']>) => void;
  }) => Promise<Result<Evidence>>;
  /** Takes a restore that belongs to a drill out of the list of restores; one that is not there is fine. */
  readonly forget: (restoreId: string) => void;
};

/** Loads the dumps of a restored point into a scratch server and takes them away again; null when there is no such thing. */
export type DrillDatabases = (request: {
  readonly plan: PlanFacts;
  /** The point's files, restored. */
  readonly dir: string;
  readonly signal: AbortSignal;
}) => Promise<readonly DrilledDatabase[]>;
