import type { Notice } from '#shared/contract/notice.ts';
import type { AlertView } from '#shared/contract/notify-alerts.ts';
import type { Problem } from '#shared/contract/site.ts';

/**
 * The alerts that ask for the whole screen, the worst first, each once. A notice lists the first of a storm as they were when it was
 * made; `open` (null: not known yet) says which of its groups are open and not taken over now.
 */
export function screenAlerts(
  notices: readonly Notice[],
  open: readonly AlertView[] | null,
): readonly Problem[] {
  const listed = new Map<string, Problem>();
  for (const notice of notices)
    for (const problem of notice.alerts) if (problem.until === null) listed.set(problem.id, problem);
  if (open === null) return [...listed.values()];
  const groups = new Set(notices.map(({ groupKey }) => groupKey));
  const asking = open.filter(
    ({ acknowledgement, suppressedBy, routes, problem }) =>
      acknowledgement === null &&
      suppressedBy.length === 0 &&
      (listed.has(problem.id) || routes.some(({ groupKey }) => groups.has(groupKey))),
  );
  // The engine asks for the screen, so there is something; what it is was known when it asked.
  return asking.length === 0 ? [...listed.values()] : asking.map(({ problem }) => problem);
}

/** The host that a problem is about and where it is asked, as far as its labels say so. */
export function whereIs({ labels }: Problem): { readonly name: string; readonly address: string } {
  const { host = '', instance = '' } = labels;
  return { name: host, address: instance === host ? '' : instance };
}
