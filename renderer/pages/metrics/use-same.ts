import { useRef } from 'react';

/** The list of before while it holds the very same things: what is drawn from it need not be drawn again. */
export function useSame<T>(list: readonly T[]): readonly T[] {
  const kept = useRef(list);
  const before = kept.current;
  if (before.length !== list.length || before.some((item, index) => item !== list[index]))
    kept.current = list;
  return kept.current;
}
