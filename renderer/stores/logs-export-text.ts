import type { LogEvent } from '#shared/contract/logs.ts';
import { csvField } from '../components/table-text.ts';

/** NDJSON keeps everything exactly; CSV is for spreadsheets. */
export type ExportFormat = 'csv' | 'ndjson';

/** The columns of a CSV export; the same words in every language, so that scripts can rely on them. */
const CSV_COLUMNS = ['time', 'level', 'source', 'host', 'message', 'flags', 'fields', 'raw'] as const;

/** What stands before the first event of a file; a CSV begins with a byte-order mark, so that spreadsheets read UTF-8. */
export function exportHead(format: ExportFormat): string {
  return format === 'csv' ? `\uFEFF${CSV_COLUMNS.join(',')}\r\n` : '';
}

/** One event as one line. Times are UTC with milliseconds, because a file travels between zones. */
export function exportLine(format: ExportFormat, event: LogEvent): string {
  const time = new Date(event.time).toISOString();
  if (format === 'ndjson') return `${JSON.stringify({ ...event, time })}\n`;
  const fields = Object.entries(event.fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  const cells = [
    time,
    event.level,
    event.source,
    event.host,
    event.message,
    event.flags.join(' '),
    fields,
    event.raw,
  ];
  return `${cells.map(csvField).join(',')}\r\n`;
}

/** A file name that sorts by time and is allowed on every system: `logs-20261122-101530.csv`, `…-part2.csv`. */
export function exportName(format: ExportFormat, now: number, part: number, single: boolean): string {
  const stamp = new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `logs-${stamp}${single ? '' : `-part${part}`}.${format}`;
}
