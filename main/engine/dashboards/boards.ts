import { randomBytes } from 'node:crypto';
import type { DashboardSummary } from '#shared/contract/dashboards.ts';
import { settle } from '#shared/domain/dashboard/layout.ts';
import { type Dashboard, dashboardLimits, panelsOf } from '#shared/domain/dashboard/model.ts';
import { type Localized, localize } from '#shared/domain/dashboard/text.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { builtInDashboards } from './built-in/index.ts';
import { type DashboardStore, type SaveNote, STORE_LIMITS } from './store.ts';

/** All dashboards: those that come with the console, and those that are kept. */
export type Boards = {
  /** Built-in ones first, then by title. */
  readonly list: () => readonly DashboardSummary[];
  readonly summary: (uid: string) => DashboardSummary | null;
  readonly read: (uid: string, version?: number) => Result<Dashboard>;
  /** Whether a uid is a dashboard's that can be seen; of a removed one it is free again. */
  readonly taken: (uid: string) => DashboardSummary | null;
  /** A uid like this one that is free. */
  readonly freeUid: (wanted: string) => string;
  readonly save: (dashboard: Dashboard, base: number | null, note: SaveNote) => Result<DashboardSummary>;
  readonly copy: (uid: string, title: Localized | undefined, note: SaveNote) => Result<DashboardSummary>;
  readonly restore: (uid: string, version: number, note: SaveNote) => Result<DashboardSummary>;
  readonly remove: (uid: string, note: SaveNote) => Result<void>;
};

const missing = (uid: string): AppError => appError('NOT_FOUND', { what: 'dashboard', id: uid });
const COPY = { zh: '（副本）', en: ' (copy)' } as const;

function builtInSummary(dashboard: Dashboard): DashboardSummary {
  const { uid, title, description, tags } = dashboard;
  return {
    uid,
    title,
    description,
    tags: [...tags],
    builtIn: true,
    panels: panelsOf(dashboard).length,
    version: 0,
    savedAt: null,
    savedBy: '',
  };
}

/** A dashboard as it is kept: no panel lies over another. */
function settled(dashboard: Dashboard): Dashboard {
  return { ...dashboard, rows: dashboard.rows.map((row) => ({ ...row, panels: [...settle(row.panels)] })) };
}

/** Made when they are first asked for: most commands, and the start of the console, do without. */
let kept: ReadonlyMap<string, Dashboard> | null = null;
function builtInByUid(): ReadonlyMap<string, Dashboard> {
  kept ??= new Map(builtInDashboards().map((dashboard) => [dashboard.uid, dashboard]));
  return kept;
}

/** Puts the stored dashboards beside the built-in ones. */
export function createBoards(store: DashboardStore, mostDashboards = STORE_LIMITS.dashboards): Boards {
  const summaryOf = ({
    removedAt: _,
    ...summary
  }: NonNullable<ReturnType<DashboardStore['find']>>): DashboardSummary => summary;
  const taken = (uid: string): DashboardSummary | null => {
    const own = builtInByUid().get(uid);
    if (own !== undefined) return builtInSummary(own);
    const found = store.find(uid);
    return found === null || found.removedAt !== null ? null : summaryOf(found);
  };
  const freeUid = (wanted: string): string => {
    // A removed dashboard keeps its uid, so that it can be brought back.
    if (!builtInByUid().has(wanted) && store.find(wanted) === null) return wanted;
    return `${wanted.slice(0, 70)}-${randomBytes(4).toString('hex')}`;
  };
  const save = (dashboard: Dashboard, base: number | null, note: SaveNote): Result<DashboardSummary> => {
    const own = builtInByUid().get(dashboard.uid);
    if (own !== undefined) return err(appError('DASHBOARD_BUILT_IN', { title: own.title }));
    const bytes = Buffer.byteLength(JSON.stringify(dashboard));
    if (bytes > dashboardLimits.bytes)
      return err(
        appError('DASHBOARD_TOO_LARGE', { what: 'bytes', found: bytes, limit: dashboardLimits.bytes }),
      );
    const known = store.find(dashboard.uid);
    if (known === null || known.removedAt !== null) {
      if (base !== null && base !== 0) return err(missing(dashboard.uid));
      if (store.count() >= mostDashboards) return err(appError('DASHBOARDS_FULL', { limit: mostDashboards }));
    } else if (base !== null && base !== known.version) {
      const { title, version, savedBy } = known;
      return err(appError('DASHBOARD_CHANGED', { title, version, who: savedBy }));
    }
    return ok(summaryOf(store.save(settled(dashboard), note)));
  };
  const read = (uid: string, version?: number): Result<Dashboard> => {
    const found =
      builtInByUid().get(uid) ??
      (taken(uid) === null && version === undefined ? null : store.read(uid, version));
    return found === null ? err(missing(uid)) : ok(found);
  };

  return {
    list: () => {
      const stored = store.list().map(summaryOf);
      stored.sort((a, b) => localize(a.title, 'zh').localeCompare(localize(b.title, 'zh'), 'zh'));
      return [...[...builtInByUid().values()].map(builtInSummary), ...stored];
    },
    summary: taken,
    taken,
    read,
    freeUid,
    save,
    copy: (uid, title, note) => {
      const found = read(uid);
      if (!found.ok) return found;
      const { title: old } = found.value;
      const copied = typeof old === 'string' ? old + COPY.zh : { zh: old.zh + COPY.zh, en: old.en + COPY.en };
      return save(
        { ...found.value, uid: freeUid(`${uid}-copy`.slice(-80)), title: title ?? copied },
        0,
        note,
      );
    },
    restore: (uid, version, note) => {
      if (builtInByUid().has(uid)) return err(missing(uid));
      const found = store.read(uid, version);
      return found === null ? err(missing(uid)) : save(found, null, { ...note, restoredFrom: version });
    },
    remove: (uid, note) => {
      const found = taken(uid);
      if (found === null) return err(missing(uid));
      if (found.builtIn) return err(appError('DASHBOARD_BUILT_IN', { title: found.title }));
      store.remove(uid, note);
      return ok(undefined);
    },
  };
}
