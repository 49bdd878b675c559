import type { Problem } from '#shared/contract/site.ts';

/** Every condition that the console looks for by itself, and the `alertname` it is routed and counted by. */
export const BUILT_IN = {
  host_down: 'HostDown',
  host_unreachable: 'HostUnreachable',
  target_down: 'TargetDown',
  disk_full: 'DiskFull',
  disk_filling: 'DiskFilling',
  log_source_error: 'LogSourceError',
  backup_failed: 'BackupFailed',
  backup_never_ran: 'BackupNeverRan',
  backup_stale: 'BackupStale',
  backup_mass_change: 'BackupMassChange',
  backup_key_test: 'BackupKeyTest',
  backup_space_low: 'BackupSpaceLow',
  retention_refused: 'RetentionRefused',
  prune_failed: 'PruneFailed',
  verify_overdue: 'VerifyOverdue',
  point_missing: 'PointMissing',
  point_broken: 'PointBroken',
  drill_overdue: 'DrillOverdue',
  drill_failed: 'DrillFailed',
  drill_void: 'DrillVoid',
  risk_review: 'RiskReview',
  rto_breached: 'RtoBreached',
  series_damage: 'SeriesDamage',
  remote_write: 'RemoteWrite',
  not_watched: 'NotWatched',
} as const;
export type BuiltInCondition = keyof typeof BUILT_IN;

/** A problem as it is found; when it began is decided by the ledger unless the condition knows. */
export type FoundProblem = Omit<Problem, 'since' | 'until'> & { readonly since: number | null };

/** What a built-in condition saw. */
export type Sighting = Omit<FoundProblem, 'condition' | 'labels' | 'alert'> & {
  readonly condition: BuiltInCondition;
  /** Labels of the thing that it is about, e.g. `host`, `plan`. */
  readonly about: Readonly<Record<string, string>>;
};

/** The problem that was seen, with the labels that routes, silences and groups go by. */
export function labelled({ about, ...sighting }: Sighting): FoundProblem {
  const { condition, severity } = sighting;
  return { ...sighting, labels: { ...about, alertname: BUILT_IN[condition], severity } };
}
