import type { SameKeys } from '../same-keys.ts';
import type { history as keys } from '../zh-CN/alerts-history.ts';

/** English texts of the history of alerts, its statistics and the report of a shift. */
export const history: SameKeys<typeof keys> = {
  table: 'History of alerts',
  noHistory: 'No alerts in this time',
  noHistoryBody: 'Alerts are kept here from their beginning to their end.',
  history: {
    view: { list: 'Alerts', statistics: 'Statistics', shift: 'Shift report' },
    span: 'Time span',
    spans: {
      '8h': 'Last 8 h',
      '12h': 'Last 12 h',
      '24h': 'Last 24 h',
      '7d': 'Last 7 days',
      '30d': 'Last 30 days',
      '180d': 'Last 180 days',
    },
    told: 'First notice',
    nobodyTold: 'nobody was told',
    acknowledged: 'Acknowledged',
    exportCsv: 'Export all as CSV',
    exportAll: 'Export all alerts of this time that pass the filter',
    newer: 'Newer',
    older: 'Older',
  },
  statistics: {
    none: 'No rule was evaluated in this time',
    totals:
      'Alerts {{alerts}}, notices {{notices}}, not told of {{suppressed}}, acknowledged {{acknowledged}}.',
    mean: 'Acknowledged after {{time}} on average.',
    marksMean:
      '"Late" means that half of the acknowledgements came later than {{time}} after the first notice.',
    mark: 'Worth a look',
    marks: {
      noisy: 'noisy',
      never_fired: 'never fired',
      acknowledged_late: 'acknowledged late',
      flapping: 'flapping',
      ignored: 'ignored',
    },
    alerts: 'Alerts',
    openings: 'Opened',
    notices: 'Notices',
    suppressed: 'Quiet',
    acknowledged: 'Taken on',
    ignored: 'Ignored',
    open: 'Open for',
    toAcknowledge: 'Until taken',
    toResolve: 'Until over',
  },
  shift: {
    title: 'Shift report',
    summary:
      'Alerts: {{total}}. Open at handover: {{open}}. Acknowledged: {{acknowledged}}. Told of, but not acknowledged: {{untouched}}.',
    open: 'Open at handover',
    over: 'Over',
    noneOpen: 'Nothing is open.',
    noneOver: 'Nothing ended in this shift.',
    acknowledged: 'Acknowledged',
    nobody: 'nobody',
    handedOver: 'Handed over by',
    takenOver: 'Taken over by',
  },
};
