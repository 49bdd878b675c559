import type { AnnotationKind } from '#shared/contract/dashboards.ts';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import { operatingUser } from '../platform/operating-user.ts';
import type { Boards } from './boards.ts';
import { exportDashboard } from './export.ts';
import { importDashboard } from './import.ts';
import type { MarkStore } from './marks.ts';
import type { DashboardStore, SaveNote } from './store.ts';
import type { DashboardSources } from './types.ts';
import { resolveVariables } from './variables.ts';

/** What the requests about dashboards are answered with. */
export type HandlerDeps = {
  readonly boards: Boards;
  readonly store: DashboardStore;
  readonly marks: MarkStore;
  readonly sources: DashboardSources;
  readonly clock: Clock;
  readonly broadcast: Broadcast;
};

/** The requests about dashboards, without reports. */
export type BoardHandlers = Omit<
  AreaHandlers<'dashboards'>,
  Extract<
    keyof AreaHandlers<'dashboards'>,
    | `dashboards.reports.${string}`
    | `dashboards.views.${string}`
    | 'dashboards.renderer'
    | 'dashboards.rendered'
  >
>;

const ALL_KINDS: readonly AnnotationKind[] = [
  'alert',
  'deployment',
  'note',
  'backup',
  'restore',
  'drill',
  'gap',
];

/** Answers the requests about dashboards. */
export function dashboardHandlers(deps: HandlerDeps): BoardHandlers {
  const { boards, store, marks, sources, clock, broadcast } = deps;
  const note = (kind: SaveNote['kind'], message = ''): SaveNote => ({
    at: clock.now(),
    by: operatingUser(),
    message,
    kind,
  });
  const told = <T extends { readonly uid: string; readonly version: number }>(
    saved: Result<T>,
  ): Result<T> => {
    if (saved.ok) broadcast('dashboards.changed', { uid: saved.value.uid, version: saved.value.version });
    return saved;
  };
  const missing = (what: string, id: string) => err(appError('NOT_FOUND', { what, id }));

  return {
    'dashboards.list': () => ok({ dashboards: [...boards.list()] }),
    'dashboards.get': ({ uid, version }) => {
      const found = boards.read(uid, version);
      if (!found.ok) return found;
      const summary = boards.summary(uid) ?? store.find(uid);
      return summary === null
        ? missing('dashboard', uid)
        : ok({ dashboard: found.value, summary, scrapeIntervalMs: sources.scrapeIntervalMs() });
    },
    'dashboards.save': ({ dashboard, base, message }) =>
      told(boards.save(dashboard, base, note('saved', message))),
    'dashboards.copy': ({ uid, title }) => told(boards.copy(uid, title, note('copied'))),
    'dashboards.versions': ({ uid }) => {
      const versions = store.versions(uid);
      return versions.length === 0 && boards.summary(uid) === null
        ? missing('dashboard', uid)
        : ok({ versions: [...versions] });
    },
    'dashboards.restore': ({ uid, version }) => told(boards.restore(uid, version, note('restored'))),
    'dashboards.remove': ({ uid }) => {
      const removed = boards.remove(uid, note('removed'));
      if (!removed.ok) return removed;
      broadcast('dashboards.changed', { uid, version: null });
      return ok({});
    },
    'dashboards.removed': () => ok({ dashboards: [...store.removed()] }),
    'dashboards.import': ({ text, dryRun, onTaken }) => {
      const read = importDashboard(text);
      if (!read.ok) return read;
      const { dashboard, report } = read.value;
      const taken = boards.taken(dashboard.uid);
      if (dryRun) return ok({ report, saved: null, taken: taken !== null, dashboard });
      if (taken !== null && onTaken === 'refuse')
        return err(appError('DASHBOARD_TAKEN', { uid: taken.uid, title: taken.title }));
      // A built-in dashboard cannot get versions: its content comes in beside it.
      const isVersion = onTaken === 'version' && taken?.builtIn !== true;
      const uid = taken === null || isVersion ? dashboard.uid : boards.freeUid(dashboard.uid);
      const saved = told(boards.save({ ...dashboard, uid }, null, note('imported', report.origin)));
      return saved.ok
        ? ok({
            report: { ...report, uid },
            saved: saved.value,
            taken: taken !== null,
            dashboard: { ...dashboard, uid },
          })
        : saved;
    },
    'dashboards.export': ({ uid, version, as, language }) => {
      const found = boards.read(uid, version);
      return found.ok ? ok(exportDashboard(found.value, as, language)) : found;
    },
    'dashboards.annotations': async ({ start, end, kinds, limit }) => {
      const wanted = new Set(kinds.length === 0 ? ALL_KINDS : kinds);
      const span = { start, end };
      const all = [...marks.within(span, wanted, limit + 1), ...(await sources.annotations(span, wanted))];
      // Of too many the newest are shown.
      all.sort((a, b) => a.at - b.at);
      const shown = all.slice(Math.max(0, all.length - limit));
      return ok({ annotations: shown, omitted: all.length - shown.length });
    },
    'dashboards.mark': ({ kind, at, until, text, tags }) => {
      const from = at ?? clock.now();
      if (until !== null && until < from) {
        const why = 'lies before "at"';
        return err(
          appError('BAD_INPUT', { method: 'dashboards.mark', field: 'until', why }, { field: 'until' }),
        );
      }
      const id = marks.add({ kind, at: from, until, text, tags, by: operatingUser() });
      return ok({ id });
    },
    'dashboards.unmark': ({ id }) => (marks.remove(id) ? ok({}) : missing('mark', id)),
    'dashboards.variables': async ({ variables, chosen, start, end }, { signal }) => {
      const scrapeIntervalMs = sources.scrapeIntervalMs();
      const request = { variables, chosen, span: { start, end }, scrapeMs: scrapeIntervalMs };
      return ok({ variables: [...(await resolveVariables(request, sources, signal))], scrapeIntervalMs });
    },
  };
}
