import { useCallback, useMemo, useRef, useState } from 'react';
import type { Dashboard } from '#shared/domain/dashboard/model.ts';
import type { Edit } from './draft-edits.ts';

/** A dashboard that is being changed, with the way back. */
export type Draft = {
  readonly dashboard: Dashboard;
  /** True when it differs from what is saved. */
  readonly dirty: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /**
   * Changes it. Changes with the same `joined` right after each other are one step back: the letters of a title, the
   * steps of an arrow key.
   */
  readonly edit: (edit: Edit, joined?: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Starts again from what is saved. */
  readonly reset: () => void;
};

/** Steps back that are kept. */
const MOST_STEPS = 200;

/** Changes closer than this are one step when they are of one kind, milliseconds. */
const JOINED_MS = 1_500;

/** The states of a draft; `at` is the present one. */
export type Steps = { readonly states: readonly Dashboard[]; readonly at: number };

/** A state after the present one; what was undone is forgotten. `replace` puts it in the present one's place. */
export function stepped(steps: Steps, next: Dashboard, replace: boolean): Steps {
  const { states, at } = steps;
  if (next === states[at]) return steps;
  const kept = states.slice(0, replace && at > 0 ? at : at + 1);
  const grown = [...kept, next].slice(-MOST_STEPS);
  return { states: grown, at: grown.length - 1 };
}

/** Keeps the states of a dashboard from the saved one on. */
export function useDraft(saved: Dashboard): Draft {
  const [base, setBase] = useState(saved);
  const [steps, setSteps] = useState<Steps>({ states: [saved], at: 0 });
  const joinedBefore = useRef<{ name: string; at: number } | null>(null);
  if (base !== saved) {
    setBase(saved);
    setSteps({ states: [saved], at: 0 });
  }
  const edit = useCallback(
    (change: Edit, joined?: string): void => {
      const now = Date.now();
      const before = joinedBefore.current;
      const replace =
        joined !== undefined && before !== null && before.name === joined && now - before.at < JOINED_MS;
      joinedBefore.current = joined === undefined ? null : { name: joined, at: now };
      setSteps((old) => stepped(old, change(old.states[old.at] ?? saved), replace));
    },
    [saved],
  );
  const go = useCallback((by: -1 | 1): void => {
    joinedBefore.current = null;
    setSteps((old) => {
      const at = old.at + by;
      return old.states[at] === undefined ? old : { ...old, at };
    });
  }, []);
  const reset = useCallback(() => setSteps({ states: [saved], at: 0 }), [saved]);
  const dashboard = steps.states[steps.at] ?? saved;
  return useMemo(
    () => ({
      dashboard,
      dirty: dashboard !== saved,
      canUndo: steps.at > 0,
      canRedo: steps.at < steps.states.length - 1,
      edit,
      undo: () => go(-1),
      redo: () => go(1),
      reset,
    }),
    [dashboard, saved, steps, edit, go, reset],
  );
}
