import type { Migration } from '../migrations.ts';

/** What problems are routed and grouped by; those of before get what can be told of them. */
export const problemLabelsMigration: Migration = {
  version: 15,
  up: (db) => {
    db.exec(`ALTER TABLE problem ADD COLUMN labels TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(labels))`);
    const update = db.prepare<[string, number]>('UPDATE problem SET labels = ? WHERE seq = ?');
    type Old = { seq: number; condition: string; severity: string; alert: string | null };
    for (const row of db.prepare<[], Old>('SELECT seq, condition, severity, alert FROM problem').all())
      update.run(JSON.stringify(labelsOf(row)), row.seq);
  },
};

function labelsOf({
  condition,
  severity,
  alert,
}: {
  condition: string;
  severity: string;
  alert: string | null;
}) {
  // Conditions of that time are named in snake_case, and their alerts are the same words in CamelCase.
  if (alert === null) return { severity, alertname: condition.split('_').map(capital).join('') };
  const { labels } = JSON.parse(alert) as { labels: Record<string, string> };
  return { severity, ...labels };
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
