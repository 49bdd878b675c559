import { type CheckImport, type CheckInput, checkSchema } from '#shared/contract/checks.ts';
import type { StoredCheck } from './store.ts';

/** A check of an imported file; its host is named as the file names it. */
export type WantedCheck = {
  /** Name or address of a host in the inventory. */
  readonly host: string;
  readonly check: Omit<CheckInput, 'hostId'>;
};

/** What an import does, decided before anything is done. */
export type ImportPlan = {
  readonly checks: readonly StoredCheck[];
  readonly summary: Pick<CheckImport, 'hostsUnknown' | 'added' | 'changed' | 'unchanged'>;
};

/** Decides what becomes of the checks of a file: by host and name they are new, changed, or known as they are. */
export function planImport(
  wanted: readonly WantedCheck[],
  known: {
    readonly hosts: readonly { readonly id: string; readonly name: string; readonly address: string }[];
    readonly checks: readonly StoredCheck[];
  },
  newId: () => string,
): ImportPlan {
  const byName = new Map<string, string>();
  for (const { id, address } of known.hosts) byName.set(address.toLowerCase(), id);
  // A name counts before an address.
  for (const { id, name } of known.hosts) byName.set(name.toLowerCase(), id);
  const existing = new Map(known.checks.map((check) => [`${check.hostId}\n${check.name}`, check]));
  const unknown = new Set<string>();
  const added: CheckImport['added'] = [];
  const checks = new Map<string, StoredCheck>();
  let changed = 0;
  let unchanged = 0;
  for (const { host, check } of wanted) {
    const hostId = byName.get(host.toLowerCase());
    if (hostId === undefined) {
      unknown.add(host);
      continue;
    }
    const key = `${hostId}\n${check.name}`;
    const old = existing.get(key);
    const next: StoredCheck = { ...checkSchema.parse({ ...check, hostId }), id: old?.id ?? newId() };
    if (old === undefined) added.push({ host, name: next.name, kind: next.what.kind });
    else if (sameCheck(old, next)) {
      unchanged += 1;
      continue;
    } else changed += 1;
    checks.set(key, next);
  }
  return { checks: [...checks.values()], summary: { hostsUnknown: [...unknown], added, changed, unchanged } };
}

/** The same settings, whatever the order of their keys. */
function sameCheck(a: StoredCheck, b: StoredCheck): boolean {
  return JSON.stringify(checkSchema.parse(a)) === JSON.stringify(checkSchema.parse(b));
}
