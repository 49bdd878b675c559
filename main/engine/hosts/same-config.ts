import type { ScrapeConfig } from '#shared/contract/hosts.ts';

/** Whether two configurations say the same. */
export function sameConfig(a: ScrapeConfig, b: ScrapeConfig): boolean {
  return sameJson(a, b);
}

/** Whether two plain values say the same, in whatever order their members stand. */
export function sameJson(a: unknown, b: unknown): boolean {
  return stable(a) === stable(b);
}

/** JSON with sorted keys, so that the order in which fields were written makes no difference. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
