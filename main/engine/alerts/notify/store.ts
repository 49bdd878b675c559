import type { Statement } from 'better-sqlite3';
import type { Delivery, Notice, Recipient } from '#shared/contract/notice.ts';
import { noticeSchema, recipientSchema } from '#shared/contract/notice.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { AlertState, FlapRecord, GroupState, PipelineState, Planned, TraceRecord } from './model.ts';

/** A notice on its way to the outbox. */
export type KeptNotice = {
  readonly notice: Notice;
  readonly recipients: readonly Recipient[];
  /** It asks for the whole screen. */
  readonly fullScreen: boolean;
};

/** What the pipeline keeps. */
export type NotifyStore = {
  readonly load: () => PipelineState;
  /** Writes what a plan changes of a state, the story and the notices: all or nothing. */
  readonly save: (
    before: PipelineState,
    plan: Pick<Planned, 'state' | 'trace' | 'dropped'>,
    notices: readonly KeptNotice[],
  ) => void;
  /** Notices that the outbox does not have yet, oldest first. */
  readonly waiting: () => readonly KeptNotice[];
  readonly handed: (id: string) => void;
  /** Notices that asked for the whole screen, newest first. */
  readonly fullScreens: (since: number) => readonly Notice[];
  readonly addTrace: (trace: readonly TraceRecord[]) => void;
  readonly addDelivery: (delivery: Delivery) => void;
  /** Forgets what ended before a moment. */
  readonly forget: (before: number) => void;
};

type Body = { readonly body: string };

/** Notices carry their alerts; more of them than this are not kept, however young they are. */
const MOST_NOTICES = 5_000;
const MOST_DELIVERIES = 100_000;
/** Entries of one alert's story; the first ones are kept, those in the middle go. */
const MOST_ENTRIES = 1_000;

/** Opens the tables `notify_…`. */
export function openNotifyStore(db: WritableDb): NotifyStore {
  const prepared = statements(db);
  const writeAlert = (alert: AlertState, live: 0 | 1): void => {
    prepared.putAlert.run(alert.id, alert.since, alert.until, live, JSON.stringify(alert));
  };
  const saveAlerts = (before: PipelineState['alerts'], after: PipelineState['alerts']): void => {
    for (const [id, alert] of after) {
      const known = before.get(id);
      if (known === alert) continue;
      if (known !== undefined && known.since !== alert.since) writeAlert(known, 0);
      writeAlert(alert, 1);
    }
  };
  const addTrace = (trace: readonly TraceRecord[]): void => {
    for (const entry of trace) prepared.addTrace.run(entry.alert, entry.since, JSON.stringify(entry));
  };
  return {
    load: () => ({
      alerts: new Map(
        (prepared.liveAlerts.all() as Body[])
          .map(({ body }) => JSON.parse(body) as AlertState)
          .map((alert) => [alert.id, alert]),
      ),
      groups: new Map(
        (prepared.groups.all() as Body[])
          .map(({ body }) => JSON.parse(body) as GroupState)
          .map((group) => [group.key, group]),
      ),
      flaps: new Map(
        (prepared.flaps.all() as (Body & { readonly id: string })[]).map(({ id, body }) => [
          id,
          JSON.parse(body) as FlapRecord,
        ]),
      ),
    }),
    save: db.transaction<NotifyStore['save']>((before, { state, trace, dropped }, notices) => {
      saveAlerts(before.alerts, state.alerts);
      for (const alert of dropped) writeAlert(alert, 0);
      sync(before.groups, state.groups, prepared.putGroup, prepared.dropGroup);
      sync(before.flaps, state.flaps, prepared.putFlap, prepared.dropFlap);
      addTrace(trace);
      for (const { notice, recipients, fullScreen } of notices)
        prepared.addNotice.run(
          notice.id,
          notice.at,
          fullScreen ? 1 : 0,
          JSON.stringify(recipients),
          JSON.stringify(notice),
        );
    }),
    waiting: () =>
      (prepared.waiting.all() as NoticeRow[]).map(({ body, recipients, full_screen }) => ({
        notice: noticeSchema.parse(JSON.parse(body)),
        recipients: recipientSchema.array().parse(JSON.parse(recipients)),
        fullScreen: full_screen === 1,
      })),
    handed: (id) => void prepared.handed.run(id),
    fullScreens: (since) =>
      (prepared.fullScreens.all(since) as Body[]).map(({ body }) => noticeSchema.parse(JSON.parse(body))),
    addTrace: db.transaction(addTrace),
    addDelivery: (delivery) =>
      void prepared.addDelivery.run(delivery.notice, delivery.at, JSON.stringify(delivery)),
    forget: db.transaction((before: number) => {
      for (const { id, since_ms } of prepared.forgetAlerts.all(before) as StoryKey[])
        prepared.forgetTrace.run(id, since_ms);
      // Only stories of live alerts have grown since the last time.
      for (const { id, since_ms } of prepared.liveStories.all() as StoryKey[])
        prepared.thinTrace.run(id, since_ms, MOST_ENTRIES / 4, id, since_ms, (MOST_ENTRIES * 3) / 4);
      prepared.forgetNotices.run(before, MOST_NOTICES);
      prepared.forgetDeliveries.run(before, MOST_DELIVERIES);
      prepared.forgetProblems.run(before);
    }),
  };
}

type StoryKey = { readonly id: string; readonly since_ms: number };
type NoticeRow = Body & { readonly recipients: string; readonly full_screen: number };

/** Writes what is new or another object, removes what is gone. */
function sync<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  put: Statement,
  drop: Statement,
): void {
  for (const [key, value] of after) if (before.get(key) !== value) put.run(key, JSON.stringify(value));
  for (const key of before.keys()) if (!after.has(key)) drop.run(key);
}

function statements(db: WritableDb) {
  const upsert = (table: string, key: string): Statement =>
    db.prepare(
      `INSERT INTO ${table} (${key}, body) VALUES (?, ?) ON CONFLICT (${key}) DO UPDATE SET body = excluded.body`,
    );
  return {
    liveAlerts: db.prepare('SELECT body FROM notify_alert WHERE live = 1'),
    putAlert: db.prepare(
      `INSERT INTO notify_alert (id, since_ms, until_ms, live, body) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id, since_ms) DO UPDATE SET until_ms = excluded.until_ms, live = excluded.live, body = excluded.body`,
    ),
    groups: db.prepare('SELECT body FROM notify_group'),
    putGroup: upsert('notify_group', 'key'),
    dropGroup: db.prepare('DELETE FROM notify_group WHERE key = ?'),
    flaps: db.prepare('SELECT id, body FROM notify_flap'),
    putFlap: upsert('notify_flap', 'id'),
    dropFlap: db.prepare('DELETE FROM notify_flap WHERE id = ?'),
    addTrace: db.prepare('INSERT INTO notify_trace (alert, since_ms, body) VALUES (?, ?, ?)'),
    addNotice: db.prepare(
      'INSERT INTO notify_notice (id, at_ms, handed, full_screen, recipients, body) VALUES (?, ?, 0, ?, ?, ?)',
    ),
    waiting: db.prepare(
      'SELECT body, recipients, full_screen FROM notify_notice WHERE handed = 0 ORDER BY at_ms LIMIT 100',
    ),
    handed: db.prepare('UPDATE notify_notice SET handed = 1 WHERE id = ?'),
    fullScreens: db.prepare(
      'SELECT body FROM notify_notice WHERE full_screen = 1 AND at_ms >= ? ORDER BY at_ms DESC LIMIT 200',
    ),
    addDelivery: db.prepare('INSERT INTO notify_delivery (notice, at_ms, body) VALUES (?, ?, ?)'),
    forgetAlerts: db.prepare(
      'DELETE FROM notify_alert WHERE live = 0 AND coalesce(until_ms, since_ms) < ? RETURNING id, since_ms',
    ),
    forgetTrace: db.prepare('DELETE FROM notify_trace WHERE alert = ? AND since_ms = ?'),
    liveStories: db.prepare('SELECT id, since_ms FROM notify_alert WHERE live = 1'),
    // Between the first quarter and the last three quarters of what may be kept.
    thinTrace: db.prepare(
      `DELETE FROM notify_trace WHERE seq IN (
         SELECT seq FROM (SELECT seq FROM notify_trace WHERE alert = ? AND since_ms = ? ORDER BY seq LIMIT -1 OFFSET ?)
         INTERSECT
         SELECT seq FROM (SELECT seq FROM notify_trace WHERE alert = ? AND since_ms = ? ORDER BY seq DESC LIMIT -1 OFFSET ?))`,
    ),
    forgetNotices: db.prepare(
      `DELETE FROM notify_notice WHERE handed = 1 AND (at_ms < ? OR id IN
       (SELECT id FROM notify_notice ORDER BY at_ms DESC LIMIT -1 OFFSET ?))`,
    ),
    forgetDeliveries: db.prepare(
      `DELETE FROM notify_delivery WHERE at_ms < ? OR seq IN
       (SELECT seq FROM notify_delivery ORDER BY seq DESC LIMIT -1 OFFSET ?)`,
    ),
    forgetProblems: db.prepare('DELETE FROM problem WHERE until_ms < ?'),
  };
}
