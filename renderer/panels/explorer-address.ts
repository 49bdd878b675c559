import type { TargetQuestion } from './panel-questions.ts';

/** The metrics page with a panel's expressions, variables filled in; null when there are none. */
export function explorerAddress(questions: readonly TargetQuestion[]): string | null {
  if (questions.length === 0) return null;
  const params = new URLSearchParams();
  for (const { expr } of questions) params.append('expr', expr);
  const now = new URLSearchParams(location.search);
  for (const key of ['range', 'from', 'to', 'live']) {
    const value = now.get(key);
    if (value !== null) params.set(key, value);
  }
  return `/metrics?${params.toString()}`;
}
