import type { Matcher } from '#shared/contract/notify-config.ts';
import type { Maintenance, MaintenanceSchedule } from '#shared/contract/notify-silences.ts';
import { cronOf, type Recurrence, recurrenceOf } from './schedule-text.ts';
import { tellApart, usable } from './silence-draft.ts';

/** A maintenance that is being written. */
export type MaintenanceDraft = {
  readonly name: string;
  readonly matchers: readonly Matcher[];
  readonly comment: string;
  readonly enabled: boolean;
  readonly kind: MaintenanceSchedule['kind'];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly recurrence: Recurrence;
  readonly durationMs: number;
  /** What the form does not show stays as it was. */
  readonly rest: Partial<Extract<MaintenanceSchedule, { kind: 'recurring' }>>;
};

const HOUR = 3_600_000;

/**
 * What the form begins with.
 *
 * @param day midnight of the chosen day; without one the next full hour is proposed
 */
export function maintenanceDraft(
  maintenance: Maintenance | null,
  day: number | null,
  now: number,
): MaintenanceDraft {
  const proposed = day === null || day + 2 * HOUR < now ? Math.ceil(now / HOUR) * HOUR : day + 2 * HOUR;
  const base: MaintenanceDraft = {
    name: '',
    matchers: [{ name: 'host', op: '=', value: '' }],
    comment: '',
    enabled: true,
    kind: 'once',
    startsAt: proposed,
    endsAt: proposed + 2 * HOUR,
    recurrence: recurrenceOf('0 2 * * 0'),
    durationMs: 2 * HOUR,
    rest: {},
  };
  if (maintenance === null) return base;
  const { name, matchers, comment, enabled, schedule } = maintenance;
  const same = { ...base, name, matchers, comment, enabled, kind: schedule.kind };
  if (schedule.kind === 'once') return { ...same, startsAt: schedule.startsAt, endsAt: schedule.endsAt };
  return {
    ...same,
    recurrence: recurrenceOf(schedule.cron),
    durationMs: schedule.durationMs,
    rest: schedule,
  };
}

/** The schedule of a draft; null while it is none. */
export function scheduleOf(draft: MaintenanceDraft): MaintenanceSchedule | null {
  if (draft.kind === 'once') {
    const { startsAt, endsAt } = draft;
    return endsAt > startsAt ? { kind: 'once', startsAt, endsAt } : null;
  }
  const cron = cronOf(draft.recurrence);
  if (cron === null) return null;
  const { zone = null, from = null, until = null } = draft.rest;
  return { kind: 'recurring', cron, durationMs: draft.durationMs, zone, from, until };
}

/** Why a draft cannot be saved; null when it can. */
export function whatMaintenanceLacks(
  draft: MaintenanceDraft,
  by: string,
): 'name' | 'who' | 'matchers' | 'time' | null {
  if (draft.name.trim() === '') return 'name';
  if (by.trim() === '') return 'who';
  if (!tellApart(usable(draft.matchers))) return 'matchers';
  return scheduleOf(draft) === null ? 'time' : null;
}
