import type { Problem } from '#shared/contract/site.ts';

/** What the console reads of itself, part by part, to see what is wrong; a part that cannot be read hinders no other. */
export type SitePart =
  | 'hosts'
  | 'checks'
  | 'space'
  | 'logs'
  | 'backup'
  | 'recovery'
  | 'series'
  | 'remote'
  | 'rules'
  | 'channels'
  | 'jobs'
  | 'console';

/**
 * Every condition that the console looks for by itself: the `alertname` that it is routed, silenced and counted by, and the
 * part that it is seen in. docs/no-silence.md lists them for people.
 */
export const BUILT_IN = {
  host_down: { alertname: 'HostDown', part: 'hosts' },
  host_unreachable: { alertname: 'HostUnreachable', part: 'hosts' },
  target_down: { alertname: 'TargetDown', part: 'hosts' },
  target_unreadable: { alertname: 'TargetUnreadable', part: 'hosts' },
  target_file: { alertname: 'TargetFile', part: 'hosts' },
  scrape_job_unreadable: { alertname: 'ScrapeJobUnreadable', part: 'hosts' },
  samples_not_stored: { alertname: 'SamplesNotStored', part: 'hosts' },
  scrape_late: { alertname: 'ScrapeLate', part: 'hosts' },
  check_failing: { alertname: 'CheckFailing', part: 'checks' },
  check_unreadable: { alertname: 'CheckUnreadable', part: 'checks' },
  clock_offset: { alertname: 'ClockOffset', part: 'checks' },
  disk_full: { alertname: 'DiskFull', part: 'space' },
  disk_filling: { alertname: 'DiskFilling', part: 'console' },
  data_disk_low: { alertname: 'DataDiskLow', part: 'console' },
  log_source_error: { alertname: 'LogSourceError', part: 'logs' },
  log_silence: { alertname: 'LogSilence', part: 'logs' },
  log_behind: { alertname: 'LogBehind', part: 'logs' },
  log_error_burst: { alertname: 'LogErrorBurst', part: 'logs' },
  log_rotation_failed: { alertname: 'RotationFailed', part: 'logs' },
  log_output: { alertname: 'LogOutput', part: 'logs' },
  log_search_down: { alertname: 'LogSearchDown', part: 'logs' },
  backup_failed: { alertname: 'BackupFailed', part: 'backup' },
  backup_never_ran: { alertname: 'BackupNeverRan', part: 'backup' },
  backup_stale: { alertname: 'BackupStale', part: 'backup' },
  backup_mass_change: { alertname: 'BackupMassChange', part: 'backup' },
  backup_key_test: { alertname: 'BackupKeyTest', part: 'backup' },
  backup_space_low: { alertname: 'BackupSpaceLow', part: 'backup' },
  retention_refused: { alertname: 'RetentionRefused', part: 'backup' },
  prune_failed: { alertname: 'PruneFailed', part: 'backup' },
  verify_overdue: { alertname: 'VerifyOverdue', part: 'backup' },
  point_missing: { alertname: 'PointMissing', part: 'backup' },
  point_broken: { alertname: 'PointBroken', part: 'backup' },
  copy_broken: { alertname: 'CopyBroken', part: 'backup' },
  medium_overdue: { alertname: 'MediumOverdue', part: 'backup' },
  medium_damaged: { alertname: 'MediumDamaged', part: 'backup' },
  drill_overdue: { alertname: 'DrillOverdue', part: 'recovery' },
  drill_failed: { alertname: 'DrillFailed', part: 'recovery' },
  drill_void: { alertname: 'DrillVoid', part: 'recovery' },
  risk_review: { alertname: 'RiskReview', part: 'recovery' },
  rto_breached: { alertname: 'RtoBreached', part: 'recovery' },
  series_damage: { alertname: 'SeriesDamage', part: 'series' },
  remote_write: { alertname: 'RemoteWrite', part: 'remote' },
  rule_failing: { alertname: 'RuleFailing', part: 'rules' },
  rule_blind: { alertname: 'RuleBlind', part: 'rules' },
  rule_group_late: { alertname: 'RuleGroupLate', part: 'rules' },
  rule_file_unreadable: { alertname: 'RuleFileUnreadable', part: 'rules' },
  channel_failing: { alertname: 'ChannelFailing', part: 'channels' },
  notices_lost: { alertname: 'NoticesLost', part: 'channels' },
  job_failed: { alertname: 'JobFailed', part: 'jobs' },
  report_missing: { alertname: 'ReportMissing', part: 'jobs' },
  api_down: { alertname: 'ApiDown', part: 'console' },
  not_watched: { alertname: 'NotWatched', part: 'console' },
  clock_jumped: { alertname: 'ClockJumped', part: 'console' },
  engine_crashed: { alertname: 'EngineCrashed', part: 'console' },
  engine_error: { alertname: 'EngineError', part: 'console' },
  console_dead: { alertname: 'ConsoleDead', part: 'console' },
  heartbeat_failed: { alertname: 'HeartbeatFailed', part: 'console' },
  watchdog: { alertname: 'Watchdog', part: 'console' },
  self_check_failed: { alertname: 'SelfCheckFailed', part: 'console' },
  alerts_not_stored: { alertname: 'AlertsNotStored', part: 'console' },
} as const satisfies Readonly<Record<string, { readonly alertname: string; readonly part: SitePart }>>;
export type BuiltInCondition = keyof typeof BUILT_IN;

/** Whether a problem's condition is one of the console's own; an alert of a rule has its rule's name. */
export const isBuiltIn = (condition: string): condition is BuiltInCondition =>
  Object.hasOwn(BUILT_IN, condition);

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
  return { ...sighting, labels: { ...about, alertname: BUILT_IN[condition].alertname, severity } };
}
