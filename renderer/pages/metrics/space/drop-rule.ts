import type { MetricsUsage } from '#shared/contract/metrics-usage.ts';

/** What was chosen in one of the lists. */
export type Culprit =
  | { readonly by: 'metrics'; readonly row: MetricsUsage['metrics'][number] }
  | { readonly by: 'labels'; readonly row: MetricsUsage['labels'][number] }
  | { readonly by: 'pairs'; readonly row: MetricsUsage['pairs'][number] }
  | { readonly by: 'targets'; readonly row: MetricsUsage['targets'][number] };

/** A text as an RE2 expression that matches only itself. */
function literal(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** A text as a YAML scalar: JSON's quotes are YAML's. */
const quoted = (text: string): string => JSON.stringify(text);

/**
 * The lines of a job in prometheus.yml that keep what was chosen from being stored; null for a target, whose metrics
 * have to be looked at first.
 */
export function dropRule(culprit: Culprit): string | null {
  const head = 'metric_relabel_configs:';
  switch (culprit.by) {
    case 'metrics':
      return [
        head,
        '  - source_labels: [__name__]',
        `    regex: ${quoted(literal(culprit.row.name))}`,
        '    action: drop',
      ].join('\n');
    case 'labels':
      return [head, `  - regex: ${quoted(literal(culprit.row.name))}`, '    action: labeldrop'].join('\n');
    case 'pairs':
      return [
        head,
        `  - source_labels: [${culprit.row.name}]`,
        `    regex: ${quoted(literal(culprit.row.value))}`,
        '    action: drop',
      ].join('\n');
    case 'targets':
      return null;
  }
}

const matcher = (label: string, value: string): string => `${label}=${quoted(value)}`;

/** An expression that shows, metric by metric, how many series are behind what was chosen. */
export function lookInto(culprit: Culprit): string {
  switch (culprit.by) {
    case 'metrics':
      return `topk(20, count by (job, instance) ({${matcher('__name__', culprit.row.name)}}))`;
    case 'labels':
      return `topk(20, count by (__name__) ({${culprit.row.name}!=""}))`;
    case 'pairs':
      return `topk(20, count by (__name__) ({${matcher(culprit.row.name, culprit.row.value)}}))`;
    case 'targets':
      return `topk(20, count by (__name__) ({${matcher('job', culprit.row.job)},${matcher('instance', culprit.row.instance)}}))`;
  }
}
