import type { LogEvent } from '#shared/contract/logs.ts';
import type { LogExportFormat } from '#shared/contract/logs-search.ts';

const COLUMNS = ['time', 'level', 'host', 'source', 'stream', 'tags', 'message', 'fields', 'raw', 'id'];

/** What stands before the first event. */
export function exportHead(format: LogExportFormat): string {
  // The mark makes spreadsheets read UTF-8.
  return format === 'csv' ? `\uFEFF${COLUMNS.join(',')}\r\n` : '';
}

/** One event. Times are RFC 3339 in UTC. */
export function exportEvent(format: LogExportFormat, event: LogEvent): string {
  const time = new Date(event.time).toISOString();
  switch (format) {
    case 'text':
      return `${event.raw}\n`;
    case 'ndjson':
      return `${JSON.stringify({ ...event, time })}\n`;
    case 'csv': {
      const { level, host, source, stream, message, raw, id } = event;
      const cells = [time, level, host, source, stream, event.tags.join(' '), message];
      return `${[...cells, JSON.stringify(event.fields), raw, id].map(cell).join(',')}\r\n`;
    }
  }
}

/** What stands between the surroundings of two hits that do not touch. */
export function exportGap(format: LogExportFormat): string {
  return format === 'text' ? '--\n' : '';
}

/**
 * A cell (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV
 * Injection"): a line of a log is whatever a stranger sent to a server.
 */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe;
}
