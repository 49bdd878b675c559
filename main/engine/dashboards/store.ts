import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import {
  type DashboardSummary,
  type DashboardVersion,
  dashboardVersionSchema,
} from '#shared/contract/dashboards.ts';
import { type Dashboard, dashboardSchema, panelsOf } from '#shared/domain/dashboard/model.ts';
import { localized, titleSchema } from '#shared/domain/dashboard/text.ts';
import type { WritableDb } from '../storage/sqlite.ts';

/** Bounds of what is kept; tests choose smaller ones. */
export type StoreLimits = {
  readonly dashboards: number;
  /** Of each dashboard, the newest. */
  readonly versions: number;
  /** Removed dashboards that can be brought back, the last removed. */
  readonly removed: number;
};
export const STORE_LIMITS: StoreLimits = { dashboards: 2_000, versions: 100, removed: 200 };

/** What is said about a save. */
export type SaveNote = {
  readonly at: number;
  readonly by: string;
  readonly message: string;
  readonly kind: DashboardVersion['kind'];
  readonly restoredFrom?: number;
};

/** What is known of a dashboard without reading its content. */
export type StoredDashboard = DashboardSummary & { readonly removedAt: number | null };

/** Dashboards with their versions in console.db. Every write is on the disk when it returns. */
export type DashboardStore = {
  /** By title; without removed ones. */
  readonly list: () => readonly StoredDashboard[];
  /** The last removed first. */
  readonly removed: () => readonly StoredDashboard[];
  /** A removed one, too. */
  readonly find: (uid: string) => StoredDashboard | null;
  /** The content of a version, the newest when left out; null when there is none. */
  readonly read: (uid: string, version?: number) => Dashboard | null;
  /** Newest first. */
  readonly versions: (uid: string) => readonly DashboardVersion[];
  /** Adds a version, and the dashboard when it is new; beyond the bound, the oldest versions go. */
  readonly save: (dashboard: Dashboard, note: SaveNote) => StoredDashboard;
  readonly remove: (uid: string, note: SaveNote) => void;
  readonly count: () => number;
};

const row = z
  .object({
    uid: z.string(),
    newest: z.number(),
    title: z.string(),
    description: z.string(),
    tags: z.string(),
    panels: z.number(),
    saved_ms: z.number(),
    saved_by: z.string(),
    removed_ms: z.number().nullable(),
  })
  .transform(
    (found): StoredDashboard => ({
      uid: found.uid,
      title: titleSchema.parse(JSON.parse(found.title)),
      description: localized(10_000).parse(JSON.parse(found.description)),
      tags: z.array(z.string()).parse(JSON.parse(found.tags)),
      builtIn: false,
      panels: found.panels,
      version: found.newest,
      savedAt: found.saved_ms,
      savedBy: found.saved_by,
      removedAt: found.removed_ms,
    }),
  );

/** Opens the tables of `dashboards`. */
export function openDashboardStore(db: WritableDb, limits: StoreLimits = STORE_LIMITS): DashboardStore {
  const one = db.prepare('SELECT * FROM dashboard WHERE uid = ?');
  const find = (uid: string): StoredDashboard | null => {
    const found = one.get(uid);
    return found === undefined ? null : row.parse(found);
  };
  const addVersion = db.prepare(
    `INSERT INTO dashboard_version (uid, version, saved_ms, saved_by, message, kind, restored_from, panels, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const put = db.prepare(
    `INSERT INTO dashboard (uid, newest, title, description, tags, panels, saved_ms, saved_by, removed_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)
     ON CONFLICT (uid) DO UPDATE SET newest = excluded.newest, title = excluded.title,
       description = excluded.description, tags = excluded.tags, panels = excluded.panels,
       saved_ms = excluded.saved_ms, saved_by = excluded.saved_by, removed_ms = NULL`,
  );
  const dropOld = db.prepare('DELETE FROM dashboard_version WHERE uid = ? AND version <= ?');
  const bury = db.prepare('UPDATE dashboard SET removed_ms = ?, newest = ? WHERE uid = ?');
  const purge = db.prepare(
    `DELETE FROM dashboard WHERE uid IN
       (SELECT uid FROM dashboard WHERE removed_ms IS NOT NULL
        ORDER BY uid = @last DESC, removed_ms DESC LIMIT -1 OFFSET @most)`,
  );

  const save = db.transaction((dashboard: Dashboard, note: SaveNote): StoredDashboard => {
    const { uid } = dashboard;
    const version = (find(uid)?.version ?? 0) + 1;
    const panels = panelsOf(dashboard).length;
    put.run(
      uid,
      version,
      JSON.stringify(dashboard.title),
      JSON.stringify(dashboard.description),
      JSON.stringify(dashboard.tags),
      panels,
      note.at,
      note.by,
    );
    const body = gzipSync(JSON.stringify(dashboard));
    addVersion.run(
      uid,
      version,
      note.at,
      note.by,
      note.message,
      note.kind,
      note.restoredFrom ?? null,
      panels,
      body,
    );
    dropOld.run(uid, version - limits.versions);
    const saved = find(uid);
    if (saved === null) throw new Error(`dashboard ${uid} is not there after it was saved`);
    return saved;
  });

  const remove = db.transaction((uid: string, note: SaveNote): void => {
    const found = find(uid);
    if (found === null) return;
    const version = found.version + 1;
    // What is removed has no content of its own: the version before it has.
    addVersion.run(uid, version, note.at, note.by, note.message, 'removed', null, found.panels, null);
    bury.run(note.at, version, uid);
    // Whatever the clock says: what was removed just now can be brought back.
    purge.run({ last: uid, most: limits.removed });
  });

  return {
    list: () =>
      db
        .prepare('SELECT * FROM dashboard WHERE removed_ms IS NULL')
        .all()
        .map((each) => row.parse(each)),
    removed: () =>
      db
        .prepare('SELECT * FROM dashboard WHERE removed_ms IS NOT NULL ORDER BY removed_ms DESC, uid')
        .all()
        .map((each) => row.parse(each)),
    find,
    read: (uid, version) => {
      const found = db
        .prepare<[{ uid: string; version: number | null }], { body: Buffer }>(
          `SELECT body FROM dashboard_version WHERE uid = @uid AND (@version IS NULL OR version = @version) AND body IS NOT NULL
           ORDER BY version DESC LIMIT 1`,
        )
        .get({ uid, version: version ?? null });
      return found === undefined
        ? null
        : dashboardSchema.parse(JSON.parse(gunzipSync(found.body).toString('utf8')));
    },
    versions: (uid) =>
      db
        .prepare(
          `SELECT version, saved_ms AS savedAt, saved_by AS savedBy, message, kind, restored_from AS restoredFrom, panels
           FROM dashboard_version WHERE uid = ? ORDER BY version DESC`,
        )
        .all(uid)
        .map((each) => dashboardVersionSchema.parse(each)),
    save: (dashboard, note) => save(dashboard, note),
    remove: (uid, note) => remove(uid, note),
    count: () =>
      db.prepare<[], { n: number }>('SELECT count(*) AS n FROM dashboard WHERE removed_ms IS NULL').get()
        ?.n ?? 0,
  };
}
