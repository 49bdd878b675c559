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
