import type { Notice } from '#shared/contract/notice.ts';
import type { Acknowledgement, SuppressionCause, TraceEntry } from '#shared/contract/notify-alerts.ts';
import type { Problem } from '#shared/contract/site.ts';

/** Why an alert is not told of; everything that the contract says, as it is kept. */
export type Cause = SuppressionCause;

/** One alert from its opening to the moment when nobody has to be told of it any more. */
export type AlertState = {
  readonly id: string;
  /** Beginning of this episode; with `id` it names a row of the history. */
  readonly since: number;
  /** As it was last seen. */
  readonly problem: Problem;
  /** When the pipeline first saw this episode. */
  readonly seenAt: number;
  /** When it ended; null while it is open. One that flaps has not ended, whatever the ledger says. */
  readonly until: number | null;
  /** Whether the ledger has it open. */
  readonly isOpen: boolean;
  /** Times it opened in this episode. */
  readonly openings: number;
  readonly flappingSince: number | null;
  readonly ack: Acknowledgement | null;
  /** The newest acknowledgement, kept when it was taken back. */
  readonly acked: { readonly at: number; readonly by: string; readonly note: string } | null;
  readonly causes: readonly Cause[];
  /** Not told before: what is in front of its host may be found dead until then. */
  readonly holdUntil: number;
  /** The silence or maintenance that hid it has ended, and nobody was told yet. */
  readonly unhidden: Cause | null;
  /** Kinds of all causes that it ever had. */
  readonly hadCauses: readonly Cause['kind'][];
  readonly toldAt: number | null;
  readonly notices: number;
  /** Keys of its groups. */
  readonly groups: readonly string[];
  /** Revision of the routing that put it there. */
  readonly routedBy: number;
};

/** What a group has told of one alert. */
export type Told = {
  readonly at: number;
  /** When escalation began to count. */
  readonly from: number;
  /** Escalation steps that were taken. */
  readonly steps: number;
  /** It was called flapping. */
  readonly flapping: boolean;
  /** To be told again once nothing suppresses it. */
  readonly again: boolean;
};

/** Alerts that are told of together. */
export type GroupState = {
  readonly key: string;
  readonly path: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
  /** By id of the alert. */
  readonly told: Readonly<Record<string, Told>>;
  /** Since when there has been something new to tell; null: there is not. */
  readonly newsAt: number | null;
  /** No notice before. */
  readonly readyAt: number;
  readonly lastNoticeAt: number | null;
  /** Why nobody is told by its route now: the time, or a receiver without targets. */
  readonly quiet: Cause | null;
  /** Ids of alerts whose story says that. */
  readonly hushed: readonly string[];
};

/** When an alert opened, so that one that does so too often can be told apart. */
export type FlapRecord = { readonly openings: readonly number[]; readonly changedAt: number };

/** Everything that the pipeline remembers. Maps are by id of the alert, groups by key. */
export type PipelineState = {
  readonly alerts: ReadonlyMap<string, AlertState>;
  readonly groups: ReadonlyMap<string, GroupState>;
  readonly flaps: ReadonlyMap<string, FlapRecord>;
};

/** One step of one alert's story, as it is kept. */
export type TraceRecord = Omit<TraceEntry, 'delivery'> & { readonly alert: string; readonly since: number };

/** A notice that is to leave, for the receiver that it names. */
export type PlannedNotice = {
  readonly notice: Notice;
  /** Ids of all its alerts, also of those that it does not list. */
  readonly alerts: readonly string[];
};

/** What changed, what is to be sent, and why. */
export type Planned = {
  readonly state: PipelineState;
  readonly notices: readonly PlannedNotice[];
  readonly trace: readonly TraceRecord[];
  /** Alerts that are not part of the state any more, as they were at their end. */
  readonly dropped: readonly AlertState[];
};

/** Writes the story while a plan is made. */
export type Tracer = (
  alert: Pick<AlertState, 'id' | 'since'>,
  entry: Pick<TraceRecord, 'kind' | 'text'> & Partial<Omit<TraceRecord, 'alert' | 'since' | 'kind' | 'text'>>,
) => void;

/** Collects entries at a time. */
export function createTracer(now: number): { readonly trace: Tracer; readonly entries: TraceRecord[] } {
  const entries: TraceRecord[] = [];
  return {
    entries,
    trace: ({ id, since }, entry) => {
      entries.push({ at: now, link: null, notice: null, cause: null, ...entry, alert: id, since });
    },
  };
}
