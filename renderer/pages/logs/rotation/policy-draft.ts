import { type RotationPolicy, rotationPolicySchema } from '#shared/contract/logs-rotation-policy.ts';

/** A new policy: once a day, or at 100 MiB, kept for as long as MLPS asks. */
export function newPolicy(): RotationPolicy {
  return rotationPolicySchema.parse({
    name: 'new',
    paths: ['/'],
    when: { schedule: '0 3 * * *', bytes: 100 * 1024 * 1024 },
    keep: { days: 180, lockDays: 0 },
  });
}

/** A form as it is being filled: it need not be a policy yet. */
export type PolicyDraft = RotationPolicy;

/** The policy that a draft is, or the fields that are missing or wrong. */
export function readPolicy(
  draft: PolicyDraft,
):
  | { readonly policy: RotationPolicy; readonly wrong: null }
  | { readonly policy: null; readonly wrong: ReadonlySet<string> } {
  const parsed = rotationPolicySchema.safeParse(draft);
  if (parsed.success) return { policy: parsed.data, wrong: null };
  return {
    policy: null,
    wrong: new Set(
      parsed.error.issues.flatMap(({ path }) => path.map((_, end) => path.slice(0, end + 1).join('.'))),
    ),
  };
}

/** Where a host's administrator puts scripts that make a program open its log anew. */
export const REOPEN_FOLDER = '/etc/hmtt-console/reopen/';

/** The changes that come with another machine: what cannot be on a host goes back to what can. */
export function onHost(draft: PolicyDraft, login: string | null): Partial<PolicyDraft> {
  if (login === null) return { host: null };
  const { hooks, naming, dir } = newPolicy();
  return {
    host: { login, sudo: draft.host?.sudo ?? false },
    method: 'rename',
    ...(draft.reopen.kind === 'service' ? {} : { reopen: { kind: 'none' } }),
    create: draft.create === null ? null : { mode: null, user: null, group: null },
    delayCompress: false,
    ...{ hooks, naming, dir },
  };
}
