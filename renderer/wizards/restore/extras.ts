import * as z from 'zod';
import type { RequestInput } from '#shared/contract/index.ts';

/** What most restores leave as it is: other names, other owners, a check, safety copies. Texts as they were typed. */
export const extrasSchema = z.object({
  strip: z.string().default(''),
  renames: z.string().default(''),
  ownerMode: z.enum(['keep', 'names', 'current']).default('keep'),
  users: z.string().default(''),
  groups: z.string().default(''),
  check: z.string().default(''),
  safetyCopy: z.boolean().default(true),
});
export type Extras = z.infer<typeof extrasSchema>;

/** Nothing out of the ordinary. */
export const noExtras: Extras = extrasSchema.parse({});

/** How long an application check may take. */
export const CHECK_SECONDS = 60;

/** The lines "from=to" of a text; empty lines do not count. */
export function pairsOf(text: string): {
  readonly pairs: { from: string; to: string }[];
  readonly bad: string | null;
} {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const pairs = lines.map((line) => {
    const at = line.indexOf('=');
    return { from: line.slice(0, Math.max(0, at)).trim(), to: at < 0 ? '' : line.slice(at + 1).trim() };
  });
  const bad = lines.find((_, index) => pairs[index]?.from === '' || pairs[index]?.to === '') ?? null;
  return { pairs, bad };
}

/** The first line that cannot be meant; null when there is none. */
export function badLineOf({ renames, users, groups }: Extras): string | null {
  return [renames, users, groups].map((text) => pairsOf(text).bad).find((bad) => bad !== null) ?? null;
}

/** What the engine is asked, of these. */
export function extrasRequest(extras: Extras): Omit<RequestInput<'restore.plan'>, 'pointId' | 'targetDir'> {
  const check = extras.check.trim();
  return {
    strip: extras.strip.trim(),
    renames: pairsOf(extras.renames).pairs,
    owners: {
      mode: extras.ownerMode,
      users: pairsOf(extras.users).pairs,
      groups: pairsOf(extras.groups).pairs,
    },
    safetyCopy: extras.safetyCopy,
    appCheck: check === '' ? null : { command: check, timeoutMs: CHECK_SECONDS * 1000 },
  };
}
