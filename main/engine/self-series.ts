import type { SiteSnapshot } from './alerts/conditions.ts';
import type { Beat } from './alerts/watchdog.ts';
import { exposition, type OwnMetric, single } from './http/exposition.ts';

/** What the console knows of itself at a moment, to be told as series. */
export type SelfFacts = {
  /** What the conditions saw when they last looked; null before they did. */
  readonly site: SiteSnapshot | null;
  readonly lookedAt: number | null;
  readonly beat: Beat | null;
  /** Open problems, rules' alerts among them. */
  readonly firing: readonly { readonly severity: 'critical' | 'warning' | 'info' }[];
};

/** One row of a metric: its labels, flat, and its value; null leaves it out. */
type Row = { readonly labels: readonly string[]; readonly value: number | null };

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/**
 * The console's series about alerts, rules, channels, backups and logs, in the text format: what rules and dashboards are
 * built on. docs/http-api.md lists them. Rule groups have Prometheus's own names.
 */
export function selfExposition(facts: SelfFacts): string {
  const { site } = facts;
  const metrics = [...lifeMetrics(facts)];
  if (site !== null)
    metrics.push(...ruleMetrics(site), ...channelMetrics(site), ...backupMetrics(site), ...logMetrics(site));
  return exposition(metrics.filter(({ series }) => series.length > 0));
}

function metric(name: string, type: OwnMetric['type'], help: string, rows: readonly Row[]): OwnMetric {
  const series = rows.flatMap(({ labels, value }) => (value === null ? [] : [{ labels, value }]));
  return { name, type, help, series };
}

function lifeMetrics({ site, lookedAt, beat, firing }: SelfFacts): readonly OwnMetric[] {
  const counts = { critical: 0, warning: 0, info: 0 };
  for (const { severity } of firing) counts[severity]++;
  const found = [
    metric(
      'hmtt_alerts_firing',
      'gauge',
      'Problems and alerts of rules that are open now, by severity.',
      Object.entries(counts).map(([severity, value]) => ({ labels: ['severity', severity], value })),
    ),
  ];
  const times = [
    ['hmtt_heartbeat_timestamp_seconds', 'When the console last gave a heartbeat.', beat?.at ?? null],
    ['hmtt_last_look_timestamp_seconds', 'When the console last looked for problems.', lookedAt],
  ] as const;
  for (const [name, help, at] of times)
    found.push(metric(name, 'gauge', help, [{ labels: [], value: seconds(at) }]));
  if (site === null) return found;
  const day = site.now - 86_400_000;
  found.push(
    single(
      'hmtt_data_disk_free_bytes',
      'gauge',
      "Free space of the data folder's disk.",
      site.disk.freeBytes,
    ),
    single('hmtt_data_disk_size_bytes', 'gauge', "Size of the data folder's disk.", site.disk.totalBytes),
    single(
      'hmtt_engine_crashes',
      'gauge',
      'How often the engine was cut off within 24 hours.',
      site.life.crashes.filter((at) => at >= day).length,
    ),
    single(
      'hmtt_not_watched_seconds',
      'gauge',
      'Time within 24 hours in which the console did not watch.',
      site.gaps.reduce((sum, { from, to }) => sum + Math.max(0, to - Math.max(from, day)), 0) / 1000,
    ),
  );
  return found;
}

function ruleMetrics({ ruleGroups }: SiteSnapshot): readonly OwnMetric[] {
  type Group = (typeof ruleGroups)[number];
  const rows: readonly [string, OwnMetric['type'], string, (group: Group) => number | null][] = [
    ['evaluations_total', 'counter', 'Rules that were evaluated.', ({ totals }) => totals.evaluations],
    [
      'evaluation_failures_total',
      'counter',
      'Rules that could not be evaluated.',
      ({ totals }) => totals.failures,
    ],
    [
      'group_iterations_total',
      'counter',
      'Times that the group was evaluated.',
      ({ totals }) => totals.rounds,
    ],
    [
      'group_iterations_missed_total',
      'counter',
      'Evaluations of the group that were skipped.',
      ({ missed }) => missed,
    ],
    ['group_interval_seconds', 'gauge', 'Interval of the group.', ({ intervalMs }) => intervalMs / 1000],
    [
      'group_last_duration_seconds',
      'gauge',
      'How long the last evaluation of the group took.',
      ({ evaluationMs }) => evaluationMs / 1000,
    ],
    [
      'group_last_evaluation_timestamp_seconds',
      'gauge',
      'When the group was last evaluated.',
      ({ lastEvaluation }) => seconds(lastEvaluation),
    ],
    ['group_rules', 'gauge', 'Rules of the group.', ({ rules }) => rules.length],
  ];
  return rows.map(([name, type, help, value]) =>
    metric(
      `prometheus_rule_${name}`,
      type,
      help,
      ruleGroups.map((group) => ({
        labels: ['rule_group', `${group.file};${group.name}`],
        value: value(group),
      })),
    ),
  );
}

function channelMetrics({ channels }: SiteSnapshot): readonly OwnMetric[] {
  const each = (value: (channel: (typeof channels)[number]) => number | null): readonly Row[] =>
    channels.map((channel) => ({
      labels: ['channel', channel.name, 'type', channel.type],
      value: value(channel),
    }));
  const outcomes = ['delivered', 'failed', 'dropped'] as const;
  return [
    metric(
      'hmtt_notices_total',
      'counter',
      'Copies of notices by what became of them, since the console began.',
      channels.flatMap((channel) =>
        outcomes.map((outcome) => ({
          labels: ['channel', channel.name, 'type', channel.type, 'outcome', outcome],
          value: channel[outcome],
        })),
      ),
    ),
    metric(
      'hmtt_notices_waiting',
      'gauge',
      'Copies of notices that wait.',
      each(({ queued }) => queued),
    ),
    metric(
      'hmtt_channel_up',
      'gauge',
      '0 while the channel does not deliver.',
      each(({ problem, enabled }) => (enabled ? (problem === null ? 1 : 0) : null)),
    ),
    metric(
      'hmtt_channel_last_success_timestamp_seconds',
      'gauge',
      'When the channel last delivered.',
      each(({ lastSuccessAt }) => seconds(lastSuccessAt)),
    ),
  ];
}

function backupMetrics({ plans, backups }: SiteSnapshot): readonly OwnMetric[] {
  const each = (value: (plan: (typeof plans)[number]) => number | null): readonly Row[] =>
    plans.map((plan) => ({ labels: ['plan', plan.name], value: value(plan) }));
  return [
    metric(
      'hmtt_backup_last_success_timestamp_seconds',
      'gauge',
      'When the newest restore point was made.',
      each(({ lastPointAt }) => seconds(lastPointAt)),
    ),
    metric(
      'hmtt_backup_last_verified_timestamp_seconds',
      'gauge',
      'Start of the run whose point is the newest that was verified.',
      backups.map(({ plan, lastVerified }) => ({ labels: ['plan', plan], value: seconds(lastVerified) })),
    ),
    metric(
      'hmtt_backup_failed',
      'gauge',
      '1 when the last run of the plan failed.',
      each(({ lastError }) => (lastError === null ? 0 : 1)),
    ),
    metric(
      'hmtt_backup_points',
      'gauge',
      'Restore points of the plan.',
      each(({ points }) => points),
    ),
    metric(
      'hmtt_backup_rpo_seconds',
      'gauge',
      'Most that the plan may lose, as promised.',
      each(({ rpoMs }) => seconds(rpoMs)),
    ),
    metric(
      'hmtt_backup_created_timestamp_seconds',
      'gauge',
      'When the plan was made.',
      each(({ createdAt }) => seconds(createdAt)),
    ),
  ];
}

function logMetrics({ logSources, logRhythms, logErrors }: SiteSnapshot): readonly OwnMetric[] {
  const rhythms = new Map(logRhythms.map((rhythm) => [rhythm.sourceId, rhythm]));
  const each = (value: (source: (typeof logSources)[number]) => number | null): readonly Row[] =>
    logSources.map((source) => ({
      labels: ['source', source.name, 'host', source.host],
      value: value(source),
    }));
  return [
    metric(
      'hmtt_log_source_up',
      'gauge',
      '0 while the source cannot be read.',
      each(({ state }) => (state === 'error' ? 0 : 1)),
    ),
    metric(
      'hmtt_log_source_last_line_timestamp_seconds',
      'gauge',
      'When a line last came.',
      each(({ id, lastEventAt }) => seconds(rhythms.get(id)?.lastLineAt ?? lastEventAt)),
    ),
    metric(
      'hmtt_log_source_silence_limit_seconds',
      'gauge',
      'Quiet for longer than this is unusual.',
      each(({ id }) => seconds(rhythms.get(id)?.silentAfterMs ?? null)),
    ),
    metric(
      'hmtt_log_source_lines_total',
      'counter',
      'Lines that were read.',
      each(({ lines }) => lines),
    ),
    metric(
      'hmtt_log_source_lag_bytes',
      'gauge',
      'Bytes that wait to be read.',
      each(({ lagBytes }) => lagBytes),
    ),
    metric(
      'hmtt_log_errors_this_hour',
      'gauge',
      'Events of level error and fatal since the hour began.',
      'code' in logErrors || logErrors.length === 0
        ? []
        : [{ labels: [], value: logErrors.at(-1)?.errors ?? 0 }],
    ),
  ];
}
