import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Annotation } from '#shared/contract/dashboards.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import type { Span } from './types.ts';

/** A deployment or a remark that an operator puts on the time axis. */
export type NewMark = {
  readonly kind: 'deployment' | 'note';
  readonly at: number;
  readonly until: number | null;
  readonly text: string;
  readonly tags: readonly string[];
  readonly by: string;
};

/** The operator's marks in console.db. */
export type MarkStore = {
  /** @returns its id */
  readonly add: (mark: NewMark) => string;
  /** @returns false when there is none */
  readonly remove: (id: string) => boolean;
  readonly within: (span: Span, kinds: ReadonlySet<string>, limit: number) => readonly Annotation[];
};

/** The newest so many are kept. */
const MOST_MARKS = 10_000;

const row = z.object({
  id: z.string(),
  kind: z.enum(['deployment', 'note']),
  at_ms: z.number(),
  until_ms: z.number().nullable(),
  text: z.string(),
  tags: z.string(),
  made_by: z.string(),
});

/** Opens the table of marks. */
export function openMarkStore(db: WritableDb): MarkStore {
  const add = db.transaction((mark: NewMark): string => {
    const id = randomUUID();
    db.prepare(
      `INSERT INTO dashboard_mark (id, seq, kind, at_ms, until_ms, text, tags, made_by)
       VALUES (?, (SELECT coalesce(max(seq), 0) + 1 FROM dashboard_mark), ?, ?, ?, ?, ?, ?)`,
    ).run(id, mark.kind, mark.at, mark.until, mark.text, JSON.stringify(mark.tags), mark.by);
    // By order and not by time: a clock that jumped must not empty the axis.
    db.prepare('DELETE FROM dashboard_mark WHERE seq <= (SELECT max(seq) FROM dashboard_mark) - ?').run(
      MOST_MARKS,
    );
    return id;
  });
  return {
    add: (mark) => add(mark),
    remove: (id) => db.prepare('DELETE FROM dashboard_mark WHERE id = ?').run(id).changes > 0,
    within: ({ start, end }, kinds, limit) =>
      db
        .prepare(
          `SELECT * FROM dashboard_mark WHERE at_ms <= ? AND coalesce(until_ms, at_ms) >= ?
           ORDER BY at_ms DESC LIMIT ?`,
        )
        .all(end, start, limit)
        .map((found) => row.parse(found))
        .filter(({ kind }) => kinds.has(kind))
        .map(
          (mark): Annotation => ({
            kind: mark.kind,
            id: mark.id,
            at: mark.at_ms,
            until: mark.until_ms,
            open: false,
            state: 'info',
            title: { zh: mark.text, en: mark.text },
            text: { zh: `由 ${mark.made_by} 标记`, en: `Marked by ${mark.made_by}` },
            tags: z.array(z.string()).parse(JSON.parse(mark.tags)),
            link: '',
          }),
        ),
  };
}
