import type { CheckStep } from '#shared/contract/checks.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';

/** Ends a step with what came back. Only the first call counts. */
export type EndStep = (ok: boolean, detail: string) => void;

/** What one check did, part by part. */
export type StepLog = {
  readonly begin: (step: Bilingual) => EndStep;
  /** Adds a step that has ended already. */
  readonly add: (step: CheckStep) => void;
  /** All steps; one that has not ended is shown as failed, as long as it has taken until now. */
  readonly read: () => readonly CheckStep[];
  /** The step that is under way, or null. */
  readonly underway: () => Bilingual | null;
};

/** More steps than anybody reads; a check of many items says how many there were instead. */
const MOST_STEPS = 200;
const LONGEST_DETAIL = 2_000;

type Kept = { step: CheckStep; readonly start: number; open: boolean };

/** Cuts what another side said to what a page can show. */
export function cut(text: string, length = LONGEST_DETAIL): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Makes an empty log. */
export function createStepLog(clock: Clock): StepLog {
  const kept: Kept[] = [];
  return {
    begin: (step) => {
      const start = clock.monotonic();
      const entry: Kept = { step: { step, ok: false, durationMs: 0, detail: '' }, start, open: true };
      if (kept.length < MOST_STEPS) kept.push(entry);
      return (ok, detail) => {
        if (!entry.open) return;
        entry.open = false;
        entry.step = { step, ok, durationMs: clock.monotonic() - start, detail: cut(detail) };
      };
    },
    add: (step) => {
      if (kept.length < MOST_STEPS)
        kept.push({ step: { ...step, detail: cut(step.detail) }, start: 0, open: false });
    },
    read: () =>
      kept.map(({ step, start, open }) => (open ? { ...step, durationMs: clock.monotonic() - start } : step)),
    underway: () => kept.findLast(({ open }) => open)?.step.step ?? null,
  };
}
