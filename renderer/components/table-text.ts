/** A column as text, for copying, exporting and filtering. */
export type TextColumn<Row> = { readonly title: string; readonly text: (row: Row) => string };

/** Quotes a field by RFC 4180; a leading `=`, `+`, `-` or `@` that is no number is defused for spreadsheets. */
export function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV by RFC 4180, with a byte-order mark so that spreadsheets read Chinese as UTF-8. */
export function toCsv<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map((column) => csvField(column.title)),
    ...rows.map((row) => columns.map((column) => csvField(column.text(row)))),
  ];
  return `\uFEFF${lines.map((fields) => fields.join(',')).join('\r\n')}\r\n`;
}

/** Rows as tab-separated text, for pasting into a report. */
export function toText<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string {
  const clean = (text: string): string => text.replace(/[\t\r\n]+/g, ' ');
  return [
    columns.map((column) => clean(column.title)),
    ...rows.map((row) => columns.map((column) => clean(column.text(row)))),
  ]
    .map((fields) => fields.join('\t'))
    .join('\n');
}
