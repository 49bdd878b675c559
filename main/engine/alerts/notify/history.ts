import type { Delivery, Notice } from '#shared/contract/notice.ts';
import { deliverySchema, noticeSchema } from '#shared/contract/notice.ts';
import type { AlertRecord } from '#shared/contract/notify-alerts.ts';
import type { Matcher } from '#shared/contract/notify-config.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { compileMatchers } from './matchers.ts';
import type { AlertState, TraceRecord } from './model.ts';

/** What was, and what is: alerts by when they were open, their stories, their notices. */
export type NotifyHistory = {
  /** Alerts that were open in [from, to), newest first. */
  readonly records: (from: number, to: number, matchers: readonly Matcher[]) => readonly AlertRecord[];
  /** One episode; the newest when `since` is left out. */
  readonly record: (id: string, since?: number) => AlertRecord | null;
  /** Beginnings of all episodes of an alert, newest first. */
  readonly episodes: (id: string) => readonly number[];
  readonly story: (id: string, since: number) => readonly TraceRecord[];
  readonly deliveries: (notice: string) => readonly Delivery[];
  readonly notices: (before: number, limit: number) => readonly Notice[];
};

type Body = { readonly body: string };

/** Episodes of one alert that a story offers. */
const MOST_EPISODES = 200;

/** Reads the tables `notify_alert`, `notify_trace`, `notify_notice`, `notify_delivery`. */
export function openHistory(db: WritableDb): NotifyHistory {
  const between = db.prepare<[number, number], Body>(
    `SELECT body FROM notify_alert WHERE since_ms < ? AND (until_ms IS NULL OR until_ms >= ?)
     ORDER BY since_ms DESC, id`,
  );
  const newest = db.prepare<[string], Body>(
    'SELECT body FROM notify_alert WHERE id = ? ORDER BY since_ms DESC LIMIT 1',
  );
  const one = db.prepare<[string, number], Body>(
    'SELECT body FROM notify_alert WHERE id = ? AND since_ms = ?',
  );
  const episodes = db
    .prepare<[string, number], number>(
      'SELECT since_ms FROM notify_alert WHERE id = ? ORDER BY since_ms DESC LIMIT ?',
    )
    .pluck();
  const story = db.prepare<[string, number], Body>(
    'SELECT body FROM notify_trace WHERE alert = ? AND since_ms = ? ORDER BY seq',
  );
  const deliveries = db.prepare<[string], Body>(
    'SELECT body FROM notify_delivery WHERE notice = ? ORDER BY seq',
  );
  const notices = db.prepare<[number, number], Body>(
    'SELECT body FROM notify_notice WHERE at_ms < ? ORDER BY at_ms DESC, id LIMIT ?',
  );
  const read = ({ body }: Body): AlertRecord => recordOf(JSON.parse(body) as AlertState);
  return {
    records: (from, to, matchers) => {
      const test = compileMatchers(matchers);
      const found: AlertRecord[] = [];
      for (const row of between.iterate(to, from)) {
        const record = read(row);
        if (test(record.labels)) found.push(record);
      }
      return found;
    },
    record: (id, since) => {
      const row = since === undefined ? newest.get(id) : one.get(id, since);
      return row === undefined ? null : read(row);
    },
    episodes: (id) => episodes.all(id, MOST_EPISODES),
    story: (id, since) => story.all(id, since).map(({ body }) => JSON.parse(body) as TraceRecord),
    deliveries: (notice) => deliveries.all(notice).map(({ body }) => deliverySchema.parse(JSON.parse(body))),
    notices: (before, limit) =>
      notices.all(before, limit).map(({ body }) => noticeSchema.parse(JSON.parse(body))),
  };
}

/** An alert as history shows it. */
function recordOf(alert: AlertState): AlertRecord {
  const { problem, since, until, openings, toldAt, notices, acked, hadCauses } = alert;
  return {
    problem: { ...problem, since, until },
    labels: { ...problem.labels },
    openings,
    toldAt,
    notices,
    acknowledgedAt: acked?.at ?? null,
    acknowledgedBy: acked?.by ?? null,
    note: acked?.note ?? null,
    suppressedBy: [...hadCauses],
  };
}
