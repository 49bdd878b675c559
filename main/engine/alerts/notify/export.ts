import type { AlertRecord } from '#shared/contract/notify-alerts.ts';
import { showLabels } from '#shared/domain/alert-matchers.ts';
import type { Locale } from '#shared/errors/index.ts';

const iso = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());

type Column = {
  readonly zh: string;
  readonly en: string;
  readonly read: (record: AlertRecord, locale: Locale) => string;
};

const COLUMNS: readonly Column[] = [
  { zh: '开始', en: 'since', read: ({ problem }) => iso(problem.since) },
  { zh: '结束', en: 'until', read: ({ problem }) => iso(problem.until) },
  { zh: '严重程度', en: 'severity', read: ({ problem }) => problem.severity },
  { zh: '告警名', en: 'alertname', read: ({ labels }) => labels.alertname ?? '' },
  { zh: '主机', en: 'host', read: ({ labels }) => labels.host ?? '' },
  { zh: '告警', en: 'alert', read: ({ problem }, locale) => problem.sentence[locale] },
  { zh: '标签', en: 'labels', read: ({ labels }) => showLabels(labels) },
  { zh: '触发次数', en: 'openings', read: ({ openings }) => String(openings) },
  { zh: '通知次数', en: 'notices', read: ({ notices }) => String(notices) },
  { zh: '首次通知', en: 'told', read: ({ toldAt }) => iso(toldAt) },
  { zh: '确认时间', en: 'acknowledged', read: ({ acknowledgedAt }) => iso(acknowledgedAt) },
  { zh: '确认人', en: 'acknowledged by', read: ({ acknowledgedBy }) => acknowledgedBy ?? '' },
  { zh: '备注', en: 'note', read: ({ note }) => note ?? '' },
  { zh: '抑制原因', en: 'suppressed by', read: ({ suppressedBy }) => suppressedBy.join(' ') },
  { zh: '编号', en: 'id', read: ({ problem }) => problem.id },
];

/** A field that a spreadsheet would take for a formula is written as text. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Alerts as CSV (RFC 4180, UTF-8 with a BOM so that spreadsheets read the Chinese), one a line. */
export function toCsv(records: readonly AlertRecord[], locale: Locale): string {
  const lines = [
    COLUMNS.map((column) => field(column[locale])),
    ...records.map((record) => COLUMNS.map(({ read }) => field(read(record, locale)))),
  ];
  return `\ufeff${lines.map((fields) => `${fields.join(',')}\r\n`).join('')}`;
}

/** Alerts as one JSON document a line. */
export function toNdjson(records: readonly AlertRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
