import { ok } from '#shared/errors/index.ts';
import { LEVELS, type StoredLine } from '../model.ts';
import type { EventChanges } from '../stage.ts';
import { columnsOf, lineEnd } from './block.ts';
import type { BlockHead, LineOrigin } from './heads.ts';

/** A row of the table `pending`, without what all rows of a group share. */
export type PendingLine = Omit<StoredLine, 'stream' | 'changes'> & { readonly changes: string | null };

/** The line that a pending row holds. */
export function pendingLine(row: PendingLine, stream: string): StoredLine {
  const { offset, end, time, level, flags, raw, changes } = row;
  const parsed = changes === null ? null : (JSON.parse(changes) as EventChanges);
  return { offset, end, time, level, flags, raw, stream, changes: parsed };
}

/** A row of `pending` as a search reads it. */
export type PendingRow = PendingLine & {
  readonly file: number;
  readonly format: number;
  readonly stream: number;
};

/** Where the lines of a block or pending row come from. */
export type Origins = (row: {
  readonly file: number;
  readonly format: number;
  readonly stream: number;
}) => LineOrigin;

/** Puts pending rows into heads, as if they had been blocks: one for each log file, format and stream. */
export function pendingHeads(rows: readonly PendingRow[], origins: Origins): BlockHead[] {
  const groups = new Map<string, { readonly origin: LineOrigin; readonly lines: StoredLine[] }>();
  for (const row of rows) {
    const key = `${row.file} ${row.format} ${row.stream}`;
    const group = groups.get(key) ?? { origin: origins(row), lines: [] };
    groups.set(key, group);
    const line = pendingLine(row, group.origin.stream);
    // Version 1 did not say where a line ends.
    group.lines.push(
      line.end > 0 ? line : { ...line, end: line.offset + line.raw.length + lineEnd(line.flags) },
    );
  }
  return [...groups.values()].map(({ origin, lines }) => {
    const levels = LEVELS.map((_, code) => lines.filter((line) => line.level === code).length);
    return {
      block: null,
      origin,
      minTime: Math.min(...lines.map((line) => line.time)),
      maxTime: Math.max(...lines.map((line) => line.time)),
      firstOffset: lines[0]?.offset ?? 0,
      lastOffset: lines[lines.length - 1]?.offset ?? 0,
      events: lines.length,
      levels,
      open: () => ok(lines),
      bytes: null,
      columns: () => ok(columnsOf(lines, origin.stream)),
    };
  });
}
