import type { Matcher } from '#shared/contract/notify-config.ts';
import type { Silence } from '#shared/contract/notify-silences.ts';

/** A silence that is being written. */
export type SilenceDraft = {
  readonly matchers: readonly Matcher[];
  /** Null: now. */
  readonly startsAt: number | null;
  /** How long from its beginning, milliseconds; null: until `endsAt`. */
  readonly lengthMs: number | null;
  readonly endsAt: number | null;
  readonly comment: string;
};

const HOUR = 3_600_000;

/** What is usually chosen, the shortest first, milliseconds. */
export const USUAL_LENGTHS = [
  HOUR / 2,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  24 * HOUR,
  72 * HOUR,
  168 * HOUR,
] as const;

/** Conditions that labels satisfy, those first that say what it is about. */
export function matchersOfLabels(labels: Readonly<Record<string, string>>): readonly Matcher[] {
  const first = ['alertname', 'host', 'instance'];
  const rank = (name: string): number => {
    const at = first.indexOf(name);
    return at < 0 ? first.length : at;
  };
  return Object.entries(labels)
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([name, value]) => ({ name, op: '=' as const, value }));
}

/** A new silence of two hours. */
export function newDraft(matchers: readonly Matcher[]): SilenceDraft {
  return { matchers, startsAt: null, lengthMs: 2 * HOUR, endsAt: null, comment: '' };
}

/** A silence to be changed, or to be made once more when it has ended. */
export function draftOf(silence: Silence): SilenceDraft {
  const { matchers, comment, startsAt, endsAt, state } = silence;
  if (state === 'ended') return { ...newDraft(matchers), lengthMs: endsAt - startsAt, comment };
  return { matchers, startsAt: state === 'pending' ? startsAt : null, lengthMs: null, endsAt, comment };
}

/** When a draft ends, UTC milliseconds. */
export function endOf(draft: SilenceDraft, now: number): number {
  return draft.lengthMs === null ? (draft.endsAt ?? now) : (draft.startsAt ?? now) + draft.lengthMs;
}

/** Conditions that can be sent: those that a person has begun but not named are left out. */
export function usable(matchers: readonly Matcher[]): Matcher[] {
  return matchers
    .filter(({ name }) => name.trim() !== '')
    .map((matcher) => ({ ...matcher, name: matcher.name.trim() }));
}

/** Expressions that every value satisfies, also none. */
const ANYTHING: readonly string[] = ['', '.*', '.*?', '^.*$'];

/** Whether conditions choose among alerts; what every alert satisfies, or every one without a label, would hide too much. */
export function tellApart(matchers: readonly Matcher[]): boolean {
  return matchers.some(({ op, value }) =>
    op === '=~' ? !ANYTHING.includes(value.trim()) : op !== '=' || value !== '',
  );
}

/** Why a draft cannot be saved; null when it can. */
export function whatLacks(
  draft: SilenceDraft,
  by: string,
  now: number,
): 'matchers' | 'end' | 'who' | 'comment' | null {
  if (!tellApart(usable(draft.matchers))) return 'matchers';
  if (endOf(draft, now) <= Math.max(now, draft.startsAt ?? now)) return 'end';
  if (by.trim() === '') return 'who';
  return draft.comment.trim() === '' ? 'comment' : null;
}
