import type { SameKeys } from '../same-keys.ts';
import type { alerts as keys } from '../zh-CN/alerts.ts';

/** English texts of the alerts page. */
export const alerts: SameKeys<typeof keys> = {
  title: 'Alerts',
  summary: 'Critical: {{critical}}, warning: {{warning}}',
  firing: 'Firing',
  history: 'History',
  view: 'View',
  severityFilter: 'Filter by severity',
  allSeverities: 'All severities',
  none: 'Nothing is firing',
  noneBody:
    'Hosts, disks, log sources and backups are checked every few seconds; what is wrong stands here, with the next step.',
  noneFiltered: 'No alert of this severity',
  showAll: 'Show all severities',
  noHistory: 'No alerts yet',
  noHistoryBody: 'Alerts that are over are kept here.',
  toHistory: 'See the history',
  table: 'History of alerts',
  column: {
    severity: 'Severity',
    state: 'State',
    sentence: 'What',
    since: 'Began',
    until: 'Ended',
    length: 'Length',
  },
  stateFiring: 'Firing',
  stateResolved: 'Resolved',
};
