import { type Problem, problemSchema } from '#shared/contract/site.ts';
import type { WritableDb } from '../../storage/sqlite.ts';

/** The alerts that an Alertmanager was told of as firing. */
export type ToldAlerts = {
  readonly list: (channel: string) => readonly Problem[];
  /** Remembers those that fire, forgets those that have ended. Durable when this returns. */
  readonly tell: (
    channel: string,
    alerts: readonly { readonly fingerprint: string; readonly problem: Problem }[],
  ) => void;
  readonly forget: (channel: string) => void;
};

/** Opens the table `alertmanager_alert`. */
export function openToldAlerts(db: WritableDb): ToldAlerts {
  const select = db
    .prepare<[string], string>(
      'SELECT problem FROM alertmanager_alert WHERE channel = ? ORDER BY fingerprint',
    )
    .pluck();
  const put = db.prepare(
    `INSERT INTO alertmanager_alert (channel, fingerprint, problem) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET problem = excluded.problem`,
  );
  const remove = db.prepare('DELETE FROM alertmanager_alert WHERE channel = ? AND fingerprint = ?');
  const clear = db.prepare('DELETE FROM alertmanager_alert WHERE channel = ?');
  return {
    list: (channel) => select.all(channel).map((text) => problemSchema.parse(JSON.parse(text))),
    tell: (channel, alerts) =>
      db.transaction(() => {
        for (const { fingerprint, problem } of alerts) {
          if (problem.until === null) put.run(channel, fingerprint, JSON.stringify(problem));
          else remove.run(channel, fingerprint);
        }
      })(),
    forget: (channel) => {
      clear.run(channel);
    },
  };
}
