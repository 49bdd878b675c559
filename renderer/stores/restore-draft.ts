import * as z from 'zod';
import { create } from 'zustand';
import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import {
  isWorthKeeping,
  noChoices,
  type RestoreChoices,
  restoreChoicesSchema,
} from '../wizards/restore/choices.ts';
import { firstStep, type RestoreStep, type RestoreWizardState } from '../wizards/restore/steps.ts';

/** A wizard that was left half-way, as it lies in the window's storage. */
const keptSchema = z.object({
  choices: restoreChoicesSchema,
  stepName: z.enum(['what', 'when', 'where', 'preview', 'confirm']),
  savedAt: z.number(),
});
type KeptDraft = z.infer<typeof keptSchema>;

export type RestoreDraftState = {
  readonly wizard: RestoreWizardState;
  /** When the draft changed last, UTC milliseconds; null for a draft in which nothing was chosen. */
  readonly savedAt: number | null;
};

/**
 * Where a kept draft goes on. A preview is computed anew, and a confirmation is never reopened by itself: the files
 * at the target may have changed since.
 */
function reopened(kept: KeptDraft): RestoreWizardState {
  const step: RestoreStep =
    kept.stepName === 'confirm' || kept.stepName === 'preview'
      ? { name: 'preview', planning: { state: 'idle' } }
      : { name: kept.stepName };
  return { choices: kept.choices, step };
}

const nothing: RestoreDraftState = { wizard: { choices: noChoices, step: firstStep }, savedAt: null };

/**
 * Makes the store of the one restore wizard that may be half-way. From the start of the restore on the engine keeps
 * the state, and this draft is empty again.
 */
export function createRestoreDraft(storage: () => StateStorage) {
  return create<RestoreDraftState>()(
    persist(() => nothing, {
      name: 'hmtt.restore-draft',
      storage: createJSONStorage(storage),
      partialize: ({ wizard: { choices, step }, savedAt }) => ({ choices, stepName: step.name, savedAt }),
      // What lies in the storage may be of another version or damaged: then there is no draft.
      merge: (stored, current) => {
        const kept = keptSchema.safeParse(stored);
        return kept.success ? { wizard: reopened(kept.data), savedAt: kept.data.savedAt } : current;
      },
    }),
  );
}

/** The draft of this window. */
export const useRestoreDraft = createRestoreDraft(() => localStorage);

/** Changes the wizard. @param now UTC milliseconds */
export function updateRestoreDraft(
  change: (wizard: RestoreWizardState) => RestoreWizardState,
  now: number = Date.now(),
): void {
  useRestoreDraft.setState(({ wizard }) => {
    const next = change(wizard);
    return { wizard: next, savedAt: isWorthKeeping(next.choices) ? now : null };
  });
}

/** Changes what is chosen, in the step at hand. */
export function updateRestoreChoices(change: (choices: RestoreChoices) => RestoreChoices): void {
  updateRestoreDraft((wizard) => ({ ...wizard, choices: change(wizard.choices) }));
}

/** Forgets the draft. */
export function discardRestoreDraft(): void {
  useRestoreDraft.setState(nothing);
}
