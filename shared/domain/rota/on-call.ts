import type { OnCallSpan, Rota, Shift } from '../../contract/contacts.ts';
import { wallClockOf } from './wall-clock.ts';

/** Who is on call at a moment, and why. */
export type OnCall = Pick<OnCallSpan, 'contacts' | 'shifts' | 'override'>;

/** What a rota says of times; its name and id do not matter. */
export type RotaPlan = Pick<Rota, 'timeZone' | 'shifts' | 'overrides'>;

/** One working of a shift: a stretch of real time, and who has it. */
type Turn = {
  readonly from: number;
  readonly to: number;
  readonly shift: Shift;
  readonly team: readonly string[];
};

const DAY_MS = 86_400_000;

/** Who is on call at a moment. Pure; the same rota and moment always give the same people. */
export function onCallAt(rota: RotaPlan, at: number): OnCall {
  return decide(rota, turnsIn(rota, at, at + 1), at);
}

/**
 * Cuts a stretch of time into parts in which the same people are on call, in order and without holes between the parts.
 * Nobody is a part, too.
 *
 * @param from UTC milliseconds
 * @param to the first moment that does not belong to it
 */
export function onCallSpans(rota: RotaPlan, from: number, to: number): readonly OnCallSpan[] {
  if (from >= to) return [];
  const turns = turnsIn(rota, from, to);
  const edges = new Set<number>([from]);
  for (const { from: begin, to: end } of [...turns, ...rota.overrides])
    for (const edge of [begin, end]) if (edge > from && edge < to) edges.add(edge);
  const sorted = [...edges].sort((a, b) => a - b);
  const spans: OnCallSpan[] = [];
  sorted.forEach((begin, index) => {
    const end = sorted[index + 1] ?? to;
    const now = decide(rota, turns, begin);
    const last = spans.at(-1);
    if (last !== undefined && isSame(last, now)) last.to = end;
    else spans.push({ from: begin, to: end, ...now });
  });
  return spans;
}

/** How far the stretch around a moment is looked for; a longer one is told as ending there. */
const LOOK_MS = 35 * DAY_MS;

/** The stretch that a moment lies in, and the one after it. */
export function onCallAround(
  rota: RotaPlan,
  at: number,
): { readonly now: OnCallSpan; readonly next: OnCallSpan } {
  const spans = onCallSpans(rota, at - LOOK_MS, at + LOOK_MS);
  const index = spans.findIndex((span) => at < span.to);
  const now = spans[index] ?? { from: at, to: at + LOOK_MS, ...onCallAt(rota, at) };
  // Nobody else comes within sight: the same people go on.
  return { now, next: spans[index + 1] ?? { ...now, from: now.to, to: now.to + LOOK_MS } };
}

/** Stretches in which nobody is on call although nobody said that it is meant so. */
export function onCallGaps(
  rota: RotaPlan & Pick<Rota, 'gapsMeant'>,
  from: number,
  to: number,
): readonly { readonly from: number; readonly to: number }[] {
  if (rota.gapsMeant) return [];
  return onCallSpans(rota, from, to)
    .filter((span) => span.contacts.length === 0 && span.override === null)
    .map((span) => ({ from: span.from, to: span.to }));
}

function isSame(a: OnCall, b: OnCall): boolean {
  return (
    a.override === b.override &&
    a.contacts.join() === b.contacts.join() &&
    a.shifts.join() === b.shifts.join()
  );
}

function decide(rota: RotaPlan, turns: readonly Turn[], at: number): OnCall {
  const on = turns.filter(({ from, to }) => from <= at && at < to);
  let contacts = unique(on.flatMap(({ team }) => team));
  let override: string | null = null;
  // A later override decides over an earlier one.
  for (const change of rota.overrides) {
    if (at < change.from || at >= change.to) continue;
    if (change.instead === null) contacts = unique(change.contacts);
    else if (!contacts.includes(change.instead)) continue;
    else contacts = unique(contacts.flatMap((one) => (one === change.instead ? change.contacts : [one])));
    override = change.id;
  }
  return { contacts, shifts: unique(on.map(({ shift }) => shift.name)), override };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** Every turn that touches [from, to), in the order of the shifts. */
function turnsIn(rota: RotaPlan, from: number, to: number): readonly Turn[] {
  const { toWall, toUtc } = wallClockOf(rota.timeZone);
  // A shift lasts 24 h of wall clock at most, so that it begins on one of these days.
  const firstDay = Math.floor(toWall(from) / DAY_MS) - 2;
  const lastDay = Math.floor(toWall(to) / DAY_MS) + 1;
  const turns: Turn[] = [];
  for (const shift of rota.shifts) {
    const begin = minutesOf(shift.from) * 60_000;
    const end = minutesOf(shift.to) * 60_000 + (shift.to <= shift.from ? DAY_MS : 0);
    for (let day = firstDay; day <= lastDay; day++) {
      if (!shift.weekdays.includes(weekdayOf(day))) continue;
      const turn = { from: toUtc(day * DAY_MS + begin), to: toUtc(day * DAY_MS + end) };
      if (turn.to <= from || turn.from >= to || turn.from >= turn.to) continue;
      turns.push({ ...turn, shift, team: teamOn(shift, day) });
    }
  }
  return turns;
}

/** The team whose turn it is in a shift that begins on a day, counted from 1970-01-01. */
function teamOn(shift: Shift, day: number): readonly string[] {
  const sinceFirst = Math.floor((day - Date.parse(`${shift.turnStart}T00:00:00Z`) / DAY_MS) / shift.turnDays);
  const { length } = shift.teams;
  return shift.teams[((sinceFirst % length) + length) % length] ?? [];
}

/** 1 Monday … 7 Sunday; 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
