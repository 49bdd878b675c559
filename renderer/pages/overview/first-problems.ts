import type { Problem } from '#shared/contract/site.ts';

/** So many of one kind stand there before every other kind of problem had its place. */
const OF_A_KIND = 2;

/** Problems that the page names, and how many of each kind it does not. */
export type FirstProblems = {
  readonly shown: readonly Problem[];
  /** By name of the alert, the most first. */
  readonly notShown: readonly { readonly alertname: string; readonly count: number }[];
};

/**
 * The problems that are named first. When a rack loses its power, three hundred dead hosts must not hide that no backup can be
 * restored either: of each kind of alert the first ones come before further ones of the same kind.
 *
 * @param problems worst first; what is shown keeps this order
 * @param most how many there is room for
 */
export function firstProblems(problems: readonly Problem[], most: number): FirstProblems {
  const kindOf = ({ labels, condition }: Problem): string => labels.alertname ?? condition;
  const seen = new Map<string, number>();
  const early: Problem[] = [];
  const late: Problem[] = [];
  for (const problem of problems) {
    const kind = kindOf(problem);
    const before = seen.get(kind) ?? 0;
    seen.set(kind, before + 1);
    (before < OF_A_KIND ? early : late).push(problem);
  }
  const chosen = new Set([...early, ...late].slice(0, most));
  const shown = problems.filter((problem) => chosen.has(problem));
  for (const problem of shown) seen.set(kindOf(problem), (seen.get(kindOf(problem)) ?? 0) - 1);
  return {
    shown,
    notShown: [...seen]
      .filter(([, count]) => count > 0)
      .map(([alertname, count]) => ({ alertname, count }))
      .toSorted((a, b) => b.count - a.count),
  };
}
