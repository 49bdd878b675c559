import { useEffect, useRef, useState } from 'react';
import type { AppError, Result } from '#shared/errors/index.ts';

export type ContextSide = 'earlier' | 'later';

/** What was fetched beyond the first answer, and to which one it belongs. */
type Kept<A> = {
  readonly base: A | null;
  readonly earlier: readonly A[];
  readonly later: readonly A[];
  readonly busy: ContextSide | null;
  readonly error: AppError | null;
};

/** Answers on both sides of a first one. */
export type Further<A> = {
  /** Oldest first. */
  readonly answers: readonly A[];
  /** The answer farthest out on a side; null before the first. */
  readonly outermost: (side: ContextSide) => A | null;
  readonly busy: ContextSide | null;
  /** Why going on failed; what is there stays. */
  readonly error: AppError | null;
  readonly more: (side: ContextSide) => void;
};

/**
 * Goes on in both directions from a first answer, one step at a time.
 *
 * @param ask asks for what lies beyond an answer; null when nothing does
 */
export function useFurther<A>(
  base: A | null,
  ask: (side: ContextSide, from: A, signal: AbortSignal) => Promise<Result<A>> | null,
): Further<A> {
  const nothing: Kept<A> = { base, earlier: [], later: [], busy: null, error: null };
  const [kept, setKept] = useState(nothing);
  // Another subject or a new answer: what was fetched beyond the old one is none of it.
  const further = kept.base === base ? kept : nothing;
  const running = useRef<AbortController | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new first answer, and the end, cancel what goes on from the old one.
  useEffect(() => () => running.current?.abort(), [base]);

  const outermost = (side: ContextSide): A | null => further[side].at(-1) ?? base;
  const more = (side: ContextSide): void => {
    const from = outermost(side);
    if (from === null || further.busy !== null) return;
    const abort = new AbortController();
    const asked = ask(side, from, abort.signal);
    if (asked === null) return;
    running.current = abort;
    setKept({ ...further, busy: side, error: null });
    void asked.then((answer) => {
      if (abort.signal.aborted) return;
      setKept((old) => {
        if (old.base !== base) return old;
        if (!answer.ok) return { ...old, busy: null, error: answer.error };
        return { ...old, busy: null, error: null, [side]: [...old[side], answer.value] };
      });
    });
  };
  const answers = [...further.earlier.toReversed(), ...(base === null ? [] : [base]), ...further.later];
  return { answers, outermost, busy: further.busy, error: further.error, more };
}
