import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import type { Matcher } from '#shared/contract/notify-config.ts';
import {
  type Maintenance,
  maintenanceInputSchema,
  type maintenanceScheduleSchema,
  maintenanceSchema,
  type Silence,
  silenceSchema,
} from '#shared/contract/notify-silences.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { CompiledMaintenance, CompiledSilence } from './causes.ts';
import { checkExpressions, compileMatchers, type LabelTest } from './matchers.ts';
import { scheduleFault, type Window, windowClock, windowsBetween } from './windows.ts';

const keptSilence = silenceSchema.omit({ state: true, hides: true });
/** A maintenance as it is kept. */
export const keptMaintenance = maintenanceSchema.omit({ now: true, next: true, hides: true });
type KeptSilence = z.infer<typeof keptSilence>;
type KeptMaintenance = z.infer<typeof keptMaintenance>;

/** Longest silence: whatever lasts longer is a route, not a silence. */
const LONGEST_SILENCE_MS = 366 * 86_400_000;

/** Silences and maintenances in console.db, and ready for deciding. */
export type Silences = {
  /** Those that have not ended. */
  readonly compiled: (now: number) => readonly CompiledSilence[];
  /** Those that are switched on. */
  readonly maintenances: () => readonly CompiledMaintenance[];
  /** @param hides how many open alerts a cause hides now, by its kind and id */
  readonly list: (now: number, hides: Hides) => readonly Silence[];
  readonly create: (
    input: Pick<KeptSilence, 'matchers' | 'endsAt' | 'by' | 'comment'> & { readonly startsAt: number },
    now: number,
  ) => Result<Silence>;
  readonly expire: (id: string, by: string, now: number) => Result<Silence>;
  readonly listMaintenances: (now: number, hides: Hides) => readonly Maintenance[];
  readonly put: (
    input: z.infer<typeof maintenanceInputSchema> & { readonly id?: string | undefined; readonly by: string },
    now: number,
  ) => Result<Maintenance>;
  readonly remove: (id: string) => Result<unknown>;
  readonly spans: (from: number, to: number) => readonly (Window & { readonly id: string })[];
  /** Maintenances as they are kept, in the order of their ids. */
  readonly keptMaintenances: () => readonly KeptMaintenance[];
  /** Takes over maintenances that were written past this store. */
  readonly reread: () => void;
  /** Forgets silences that ended before a moment. */
  readonly forget: (before: number) => void;
};

type Hides = (kind: 'silence' | 'maintenance', id: string) => number;
const MOST_SPANS = 2_000;

/** Opens the table `notify_document`. */
export function openSilences(db: WritableDb): Silences {
  const select = db.prepare<[string], string>('SELECT body FROM notify_document WHERE kind = ?').pluck();
  const write = db.prepare(
    `INSERT INTO notify_document (kind, id, body) VALUES (?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body`,
  );
  const erase = db.prepare('DELETE FROM notify_document WHERE kind = ? AND id = ?');
  const silences = new Map<string, KeptSilence & { readonly test: LabelTest }>();
  const maintenances = new Map<string, KeptMaintenance & CompiledMaintenance>();
  const addSilence = (silence: KeptSilence): void =>
    void silences.set(silence.id, { ...silence, test: compileMatchers(silence.matchers) });
  const addMaintenance = (maintenance: KeptMaintenance): void =>
    void maintenances.set(maintenance.id, {
      ...maintenance,
      test: compileMatchers(maintenance.matchers),
      windows: windowClock(maintenance.schedule),
    });
  for (const body of select.all('silence')) addSilence(keptSilence.parse(JSON.parse(body)));
  for (const body of select.all('maintenance')) addMaintenance(keptMaintenance.parse(JSON.parse(body)));

  const show = (
    { test: _test, ...silence }: KeptSilence & { test?: LabelTest },
    now: number,
    hides: Hides,
  ): Silence => ({
    ...silence,
    state: now < silence.startsAt ? 'pending' : now < silence.endsAt ? 'active' : 'ended',
    hides: hides('silence', silence.id),
  });
  const showMaintenance = (
    { test: _test, windows, ...maintenance }: KeptMaintenance & CompiledMaintenance,
    now: number,
    hides: Hides,
  ): Maintenance => {
    const { now: open, next } = windows(now);
    return { ...maintenance, now: open, next, hides: hides('maintenance', maintenance.id) };
  };
  const keep = (silence: KeptSilence): void => {
    write.run('silence', silence.id, JSON.stringify(silence));
    addSilence(silence);
  };
  const none: Hides = () => 0;

  return {
    compiled: (now) => [...silences.values()].filter(({ endsAt }) => endsAt > now),
    maintenances: () => [...maintenances.values()].filter(({ enabled }) => enabled),
    list: (now, hides) =>
      [...silences.values()]
        .map((silence) => show(silence, now, hides))
        .toSorted((a, b) => b.startsAt - a.startsAt),
    create: (input, now) => {
      const fault = matchersFault(input.matchers);
      if (fault !== null) return fault;
      if (input.endsAt <= Math.max(now, input.startsAt))
        return err(appError('NOTIFY_SPAN', {}, { field: 'endsAt' }));
      if (input.endsAt - input.startsAt > LONGEST_SILENCE_MS)
        return err(appError('NOTIFY_SILENCE_LONG', {}, { field: 'endsAt' }));
      const silence: KeptSilence = { ...input, id: randomUUID(), createdAt: now, expiredBy: null };
      keep(silence);
      return ok(show(silence, now, none));
    },
    expire: (id, by, now) => {
      const known = silences.get(id);
      if (known === undefined) return err(appError('NOT_FOUND', { what: 'silence', id }));
      const { test: _test, ...silence } = known;
      const expired: KeptSilence =
        silence.endsAt <= now
          ? silence
          : { ...silence, startsAt: Math.min(silence.startsAt, now), endsAt: now, expiredBy: by };
      keep(expired);
      return ok(show(expired, now, none));
    },
    listMaintenances: (now, hides) =>
      [...maintenances.values()]
        .map((each) => showMaintenance(each, now, hides))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    put: ({ id, ...input }, now) => {
      const known = id === undefined ? undefined : maintenances.get(id);
      if (id !== undefined && known === undefined)
        return err(appError('NOT_FOUND', { what: 'maintenance', id }));
      const fault = matchersFault(input.matchers) ?? scheduleRefusal(input.schedule);
      if (fault !== null) return fault;
      const maintenance: KeptMaintenance = {
        ...maintenanceInputSchema.parse(input),
        by: input.by,
        id: id ?? randomUUID(),
        createdAt: known?.createdAt ?? now,
      };
      write.run('maintenance', maintenance.id, JSON.stringify(maintenance));
      addMaintenance(maintenance);
      const kept = maintenances.get(maintenance.id);
      return kept === undefined
        ? err(appError('NOT_FOUND', { what: 'maintenance', id: maintenance.id }))
        : ok(showMaintenance(kept, now, none));
    },
    remove: (id) => {
      if (!maintenances.has(id)) return err(appError('NOT_FOUND', { what: 'maintenance', id }));
      erase.run('maintenance', id);
      maintenances.delete(id);
      return ok({});
    },
    spans: (from, to) =>
      [...maintenances.values()]
        .filter(({ enabled }) => enabled)
        .flatMap(({ id, schedule }) =>
          windowsBetween(schedule, from, to, MOST_SPANS).map((window) => ({ ...window, id })),
        )
        .toSorted((a, b) => a.from - b.from)
        .slice(0, MOST_SPANS),
    keptMaintenances: () =>
      select
        .all('maintenance')
        .map((body) => keptMaintenance.parse(JSON.parse(body)))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    reread: () => {
      maintenances.clear();
      for (const body of select.all('maintenance')) addMaintenance(keptMaintenance.parse(JSON.parse(body)));
    },
    forget: (before) => {
      for (const { id, endsAt } of silences.values()) {
        if (endsAt >= before) continue;
        erase.run('silence', id);
        silences.delete(id);
      }
    },
  };
}

/** Why matchers cannot be taken; null when they can. */
export function matchersFault(matchers: readonly Matcher[]): Result<never> | null {
  const sound = checkExpressions(matchers);
  if (!sound.ok) return sound;
  // What an alert with no labels at all satisfies hides everything, of whatever kind.
  if (compileMatchers(matchers)({})) return err(appError('NOTIFY_MATCHES_ALL', {}, { field: 'matchers' }));
  return null;
}

/** Why a schedule cannot be taken; null when it can. */
export function scheduleRefusal(schedule: z.infer<typeof maintenanceScheduleSchema>): Result<never> | null {
  const why = scheduleFault(schedule);
  return why === null ? null : err(appError('NOTIFY_SCHEDULE', { why }, { field: 'schedule' }));
}
