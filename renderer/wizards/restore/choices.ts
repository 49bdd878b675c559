import * as z from 'zod';
import type { ListedPoint, RestorePoint } from '#shared/contract/backup.ts';
import { REMOTE_FOLDER } from '#shared/contract/backup-sources.ts';
import type { RequestInput } from '#shared/contract/index.ts';
import { overwriteSchema } from '#shared/contract/restore.ts';
import { extrasRequest, extrasSchema, noExtras } from './extras.ts';

/** What is to come back: everything that a plan keeps, or some paths of it. */
const whatSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('everything'), plan: z.string().min(1) }),
  z.object({
    kind: z.literal('paths'),
    plan: z.string().min(1),
    /** Paths inside the archive, with all below. */
    paths: z.array(z.string().min(1)).max(10_000),
  }),
]);
export type WhatChoice = z.infer<typeof whatSchema>;

/** From which restore point. */
const whenSchema = z.object({
  pointId: z.string().min(1),
  plan: z.string(),
  /** When the run of that point began: later changes are not in it. */
  at: z.number(),
  verifiedAt: z.number().nullable(),
});

/** Where to: another folder, which is safe, over the original, or a host. */
const whereSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), dir: z.string() }),
  z.object({ kind: z.literal('original') }),
  z.object({
    kind: z.literal('host'),
    /** Id of the login. */
    login: z.string(),
    dir: z.string(),
    /** What was fetched from this host goes back to where it was: the name under which the plan has it. */
    source: z.string().nullable().default(null),
  }),
]);
export type WhereChoice = z.infer<typeof whereSchema>;

/** Everything that is chosen before the preview; also the shape in which a half-way wizard is kept. */
export const restoreChoicesSchema = z.object({
  what: whatSchema.nullable(),
  when: whenSchema.nullable(),
  where: whereSchema,
  overwrite: overwriteSchema,
  extras: extrasSchema.default(noExtras),
});
export type RestoreChoices = z.infer<typeof restoreChoicesSchema>;

/** Nothing is chosen; the safe answers are filled in. */
export const noChoices: RestoreChoices = {
  what: null,
  when: null,
  where: { kind: 'folder', dir: '' },
  overwrite: 'never',
  extras: noExtras,
};

/** Chooses what; a point of another plan cannot stay chosen. */
export function withWhat(choices: RestoreChoices, what: WhatChoice | null): RestoreChoices {
  const when = what !== null && choices.when?.plan === what.plan ? choices.when : null;
  return { ...choices, what, when };
}

/** Adds a path or takes it away; a path of another plan begins a new selection. */
export function withPathToggled(choices: RestoreChoices, plan: string, path: string): RestoreChoices {
  const { what } = choices;
  const chosen = what?.kind === 'paths' && what.plan === plan ? what.paths : [];
  const paths = chosen.includes(path) ? chosen.filter((other) => other !== path) : [...chosen, path];
  return withWhat(choices, { kind: 'paths', plan, paths });
}

/** Whether every archive that the point needs is at hand; a damaged one is, in its intact parts. */
export function isAtHand({ state, restorable }: Pick<ListedPoint, 'state' | 'restorable'>): boolean {
  return state !== 'missing' && restorable.now;
}

/** Chooses the point. */
export function withPoint(choices: RestoreChoices, point: RestorePoint): RestoreChoices {
  const { id, plan, startedAt, verifiedAt } = point;
  return { ...choices, when: { pointId: id, plan, at: startedAt, verifiedAt } };
}

/** Chooses the place. Going to the original place never carries over a wish to overwrite that was made for a folder. */
export function withWhere(choices: RestoreChoices, where: WhereChoice): RestoreChoices {
  const overwrite = where.kind === choices.where.kind ? choices.overwrite : 'never';
  return { ...choices, where, overwrite };
}

/** Whether anything was chosen that would be a pity to lose. */
export function isWorthKeeping(choices: RestoreChoices): boolean {
  return choices.what !== null;
}

/** What the engine is asked to plan; null while choices are missing. */
export function toPlanRequest(choices: RestoreChoices): RequestInput<'restore.plan'> | null {
  const { what, when, where, overwrite, extras } = choices;
  if (what === null || when === null) return null;
  const selection = what.kind === 'paths' ? [...what.paths] : [];
  const request = { pointId: when.pointId, selection, overwrite, ...extrasRequest(extras) };
  if (where.kind !== 'host') return { ...request, targetDir: where.kind === 'folder' ? where.dir : null };
  const { dir, login, source } = where;
  const onHost = { ...request, targetDir: dir, toHost: login };
  if (source === null) return onHost;
  // Only what came from there goes back there, without the folder that it has in the archive.
  const from = `${REMOTE_FOLDER}/${source}`;
  const theirs = selection.filter((path) => path.startsWith(`${from}/`));
  return { ...onHost, strip: from, selection: theirs.length === 0 ? [from] : theirs };
}
