import { type Problem, problemSchema } from '#shared/contract/site.ts';
import { describeThrown } from '#shared/errors/index.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import type { FoundProblem } from './built-in.ts';

/** What changed between two looks at the site. */
export type LedgerChange = {
  readonly open: readonly Problem[];
  readonly raised: readonly Problem[];
  readonly ended: readonly Problem[];
};

/** Keeps problems from their first sight to their end, across restarts. */
export type Ledger = {
  readonly open: () => readonly Problem[];
  /**
   * Opens what is new, ends what is gone, refreshes the sentence of what lasts. One transaction; when it cannot be written,
   * the answer is the same, and what could not be written is tried again with the next.
   */
  readonly reconcile: (found: readonly FoundProblem[], now: number) => LedgerChange;
  /** Why problems cannot be written down at present; null when they are. */
  readonly trouble: () => string | null;
  readonly list: (
    state: 'firing' | 'all',
    limit: number,
  ) => { readonly alerts: Problem[]; readonly total: number };
};

type Row = {
  seq: number;
  id: string;
  condition: string;
  severity: Problem['severity'];
  labels: string;
  since_ms: number;
  until_ms: number | null;
  sentence_zh: string;
  sentence_en: string;
  next_zh: string;
  next_en: string;
  link: string;
  alert: string | null;
};

function toProblem(row: Row): Problem {
  return {
    id: row.id,
    condition: row.condition,
    severity: row.severity,
    labels: problemSchema.shape.labels.parse(JSON.parse(row.labels)),
    since: row.since_ms,
    until: row.until_ms,
    sentence: { zh: row.sentence_zh, en: row.sentence_en },
    next: { zh: row.next_zh, en: row.next_en },
    link: row.link,
    ...(row.alert === null ? {} : { alert: problemSchema.shape.alert.parse(JSON.parse(row.alert)) }),
  };
}

/** What may change while a problem lasts, in the order of the statements. */
const columnsOf = ({ severity, labels, sentence, next, link, alert }: Problem) => [
  severity,
  JSON.stringify(labels),
  sentence.zh,
  sentence.en,
  next.zh,
  next.en,
  link,
  alert === undefined ? null : JSON.stringify(alert),
];

/** Changes that wait for a disk that takes them. */
const MOST_UNWRITTEN = 20_000;

/** Opens the table `problem`. */
export function openLedger(db: WritableDb): Ledger {
  const selectOpen = db.prepare<[], Row>('SELECT * FROM problem WHERE until_ms IS NULL');
  const selectAll = db.prepare<[number], Row>(
    'SELECT * FROM problem ORDER BY until_ms IS NOT NULL, since_ms DESC, seq DESC LIMIT ?',
  );
  const countAll = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM problem');
  const insert = db.prepare(
    `INSERT INTO problem
       (id, condition, since_ms, severity, labels, sentence_zh, sentence_en, next_zh, next_en, link, alert)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = db.prepare(
    'UPDATE problem SET severity = ?, labels = ?, sentence_zh = ?, sentence_en = ?, next_zh = ?, next_en = ?, link = ?, alert = ? WHERE id = ? AND until_ms IS NULL',
  );
  const end = db.prepare('UPDATE problem SET until_ms = ? WHERE id = ? AND until_ms IS NULL');

  let current = new Map(selectOpen.all().map((row) => [row.id, toProblem(row)]));
  /** Changes that are not on the disk yet, in their order. */
  let unwritten: (() => void)[] = [];
  let trouble: string | null = null;

  const write = (): void => {
    if (unwritten.length === 0) return;
    const steps = unwritten;
    try {
      db.transaction(() => {
        for (const step of steps) step();
      })();
      unwritten = [];
      trouble = null;
    } catch (thrown) {
      // The disk is full or read-only: people are told all the same, and what they were told is written when it can be.
      trouble = describeThrown(thrown);
      unwritten = steps.slice(-MOST_UNWRITTEN);
    }
  };

  const reconcile = (found: readonly FoundProblem[], now: number): LedgerChange => {
    const next = new Map<string, Problem>();
    const raised: Problem[] = [];
    for (const problem of found) {
      const known = current.get(problem.id);
      const entry: Problem = { ...problem, since: known?.since ?? problem.since ?? now, until: null };
      next.set(entry.id, entry);
      if (!known) {
        raised.push(entry);
        unwritten.push(() => insert.run(entry.id, entry.condition, entry.since, ...columnsOf(entry)));
      } else if (JSON.stringify(known) !== JSON.stringify(entry))
        unwritten.push(() => update.run(...columnsOf(entry), entry.id));
    }
    const ended = [...current.values()]
      .filter((problem) => !next.has(problem.id))
      .map((problem) => ({ ...problem, until: now }));
    for (const { id } of ended) unwritten.push(() => end.run(now, id));
    current = next;
    write();
    return { open: [...next.values()], raised, ended };
  };

  return {
    open: () => [...current.values()],
    reconcile,
    trouble: () => trouble,
    list: (state, limit) => {
      if (state === 'firing') {
        const open = [...current.values()];
        return { alerts: open.slice(0, limit), total: open.length };
      }
      return { alerts: selectAll.all(limit).map(toProblem), total: countAll.get()?.n ?? 0 };
    },
  };
}
