import { useCallback, useEffect, useRef, useState } from 'react';

/** A list that stands still while somebody works in it. */
export type HeldList<T> = {
  /** In their order of before; what is still there has its newest state. */
  readonly items: readonly T[];
  /** Keys of items that are over, but are still shown where they were. */
  readonly ended: ReadonlySet<string>;
  /** Items that wait to be shown. */
  readonly waiting: number;
};

/** What is shown while the list is held: nothing moves, nothing comes between, nothing goes. */
export function heldList<T>(
  shown: readonly T[],
  fresh: readonly T[],
  keyOf: (item: T) => string,
): HeldList<T> {
  const newest = new Map(fresh.map((item) => [keyOf(item), item]));
  const known = new Set(shown.map(keyOf));
  return {
    items: shown.map((item) => newest.get(keyOf(item)) ?? item),
    ended: new Set([...known].filter((key) => !newest.has(key))),
    waiting: fresh.filter((item) => !known.has(keyOf(item))).length,
  };
}

/** A pointer that has rested longer than this was left lying there, milliseconds: what is new comes in again. */
const RESTING_MS = 8_000;

/** Where the pointer and the keys are heard that hold the list. */
export type HoldHandlers = {
  readonly onPointerMove: () => void;
  readonly onPointerLeave: () => void;
  readonly onKeyDownCapture: () => void;
};

/** Holds a list while the pointer moves on it or its keys are used, and lets it go a few seconds later. */
export function useHeldList<T>(
  fresh: readonly T[],
  keyOf: (item: T) => string,
): HeldList<T> & { readonly handlers: HoldHandlers; readonly release: () => void } {
  const [held, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const release = useCallback((): void => {
    clearTimeout(timer.current);
    setHeld(false);
  }, []);
  const hold = useCallback((): void => {
    clearTimeout(timer.current);
    setHeld(true);
    timer.current = setTimeout(() => setHeld(false), RESTING_MS);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  const shown = useRef(fresh);
  if (!held) shown.current = fresh;
  return {
    ...heldList(shown.current, fresh, keyOf),
    handlers: { onPointerMove: hold, onPointerLeave: release, onKeyDownCapture: hold },
    release,
  };
}
