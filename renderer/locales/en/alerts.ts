import type { SameKeys } from '../same-keys.ts';
import type { alerts as keys } from '../zh-CN/alerts.ts';
import { firing } from './alerts-firing.ts';
import { history } from './alerts-history.ts';
import { routing } from './alerts-routing.ts';
import { silencing } from './alerts-silencing.ts';

/** English texts of the alerts page. */
export const alerts: SameKeys<typeof keys> = {
  title: 'Alerts',
  summary: 'Critical: {{critical}}, warning: {{warning}}',
  view: 'View',
  tabs: {
    label: 'Sides of alerting',
    firing: 'Firing',
    history: 'History',
    silences: 'Silences & maintenance',
    routes: 'Routes',
  },
  severityFilter: 'Filter by severity',
  allSeverities: 'All severities',
  noneFiltered: 'No alert passes the filters',
  edit: 'Edit',
  more: '{{count}} more',
  who: 'Your name',
  by: 'By',
  since: 'since',
  lasted: 'for',
  timeHint: 'for instance 2026-11-22 10:15 or now+2h',
  stateFiring: 'Firing',
  stateResolved: 'Resolved',
  column: {
    severity: 'Severity',
    state: 'State',
    sentence: 'What',
    since: 'Began',
    until: 'Ended',
    length: 'Length',
    actions: 'Actions',
  },
  ...firing,
  ...silencing,
  ...routing,
  ...history,
};
