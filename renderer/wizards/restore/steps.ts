import type { ListedPoint } from '#shared/contract/backup.ts';
import type { Overwrite, RestoreState } from '#shared/contract/restore.ts';
import { type AppError, assertNever } from '#shared/errors/index.ts';
import { isAbsolutePath } from '../paths.ts';
import { isAtHand, type RestoreChoices } from './choices.ts';
import { badLineOf } from './extras.ts';

/** The eight steps in their order. */
export const restoreSteps = [
  'what',
  'when',
  'where',
  'preview',
  'confirm',
  'run',
  'verify',
  'evidence',
] as const;
export type RestoreStepName = (typeof restoreSteps)[number];

/** How far the preview is. Only a computed plan can be continued with. */
export type Planning =
  | { readonly state: 'idle' }
  | { readonly state: 'computing'; readonly jobId: string }
  | { readonly state: 'ready'; readonly planId: string }
  | { readonly state: 'failed'; readonly error: AppError | null };

/** The step at hand with what belongs to that step alone. */
export type RestoreStep =
  | { readonly name: 'what' }
  | { readonly name: 'when' }
  | { readonly name: 'where' }
  | { readonly name: 'preview'; readonly planning: Planning }
  | { readonly name: 'confirm'; readonly planId: string }
  | { readonly name: 'run'; readonly restoreId: string }
  | { readonly name: 'verify'; readonly restoreId: string }
  | { readonly name: 'evidence'; readonly restoreId: string };

/** The wizard: what was chosen so far, and where it stands. */
export type RestoreWizardState = {
  readonly choices: RestoreChoices;
  readonly step: RestoreStep;
};

/** Why Continue is not possible; a key of the texts, apart from the last two, which their steps tell by themselves. */
export type RestoreObstacle =
  | 'whatMissing'
  | 'whenMissing'
  | 'whereMissing'
  | 'whereHost'
  | 'whereRelative'
  | 'extrasUnclear'
  | 'previewComputing'
  | 'previewFailed'
  | 'confirmWord'
  | 'running';

/** Says what stands in the way of leaving the step; null when nothing does. */
export function obstacle({ choices, step }: RestoreWizardState): RestoreObstacle | null {
  switch (step.name) {
    case 'what':
      return choices.what === null || (choices.what.kind === 'paths' && choices.what.paths.length === 0)
        ? 'whatMissing'
        : null;
    case 'when':
      return choices.when === null ? 'whenMissing' : null;
    case 'where':
      if (badLineOf(choices.extras) !== null) return 'extrasUnclear';
      if (choices.where.kind === 'original') return null;
      if (choices.where.kind === 'host' && choices.where.login === '') return 'whereHost';
      if (choices.where.dir === '') return 'whereMissing';
      if (choices.where.kind === 'host' && !choices.where.dir.startsWith('/')) return 'whereRelative';
      return isAbsolutePath(choices.where.dir) ? null : 'whereRelative';
    case 'preview':
      if (step.planning.state === 'ready') return null;
      return step.planning.state === 'failed' ? 'previewFailed' : 'previewComputing';
    case 'confirm':
      // This step is left by starting the restore, never by Continue.
      return 'confirmWord';
    case 'run':
      return 'running';
    case 'verify':
    case 'evidence':
      return null;
    default:
      return assertNever(step);
  }
}

/**
 * What stands in the way, as far as it is said below the step: the last two are told by their steps, and nobody is asked for a point
 * where none can be chosen – the step says why, and what helps.
 */
export function toldObstacle(
  state: RestoreWizardState,
  points: readonly Pick<ListedPoint, 'plan' | 'state' | 'restorable'>[],
): Exclude<RestoreObstacle, 'confirmWord' | 'running'> | null {
  const stop = obstacle(state);
  if (stop === 'confirmWord' || stop === 'running') return null;
  const plan = state.choices.what?.plan;
  const isAskedInVain = stop === 'whenMissing' && !points.some((one) => one.plan === plan && isAtHand(one));
  return isAskedInVain ? null : stop;
}

/** The first step. */
export const firstStep: RestoreStep = { name: 'what' };

/** Goes on to the next step; stays when something stands in the way. */
export function advanced(state: RestoreWizardState): RestoreWizardState {
  if (obstacle(state) !== null) return state;
  const { step } = state;
  switch (step.name) {
    case 'what':
      return { ...state, step: { name: 'when' } };
    case 'when':
      return { ...state, step: { name: 'where' } };
    case 'where':
      return { ...state, step: { name: 'preview', planning: { state: 'idle' } } };
    case 'preview':
      return step.planning.state === 'ready'
        ? { ...state, step: { name: 'confirm', planId: step.planning.planId } }
        : state;
    case 'verify':
      return { ...state, step: { name: 'evidence', restoreId: step.restoreId } };
    case 'confirm':
    case 'run':
    case 'evidence':
      return state;
    default:
      return assertNever(step);
  }
}

/**
 * Goes back one step. From the confirmation the preview is computed anew: the target may have changed meanwhile.
 * Once a restore runs, the only way back is to cancel it; its results can be looked at in either order.
 */
export function steppedBack(state: RestoreWizardState): RestoreWizardState {
  const { step } = state;
  switch (step.name) {
    case 'what':
    case 'run':
    case 'verify':
      return state;
    case 'when':
      return { ...state, step: { name: 'what' } };
    case 'where':
      return { ...state, step: { name: 'when' } };
    case 'preview':
      return { ...state, step: { name: 'where' } };
    case 'confirm':
      return { ...state, step: { name: 'preview', planning: { state: 'idle' } } };
    case 'evidence':
      return { ...state, step: { name: 'verify', restoreId: step.restoreId } };
    default:
      return assertNever(step);
  }
}

/** Whether Back leads anywhere. */
export function canStepBack(state: RestoreWizardState): boolean {
  return steppedBack(state) !== state;
}

/** Goes back to an earlier step by its name on the left; stays where that is not possible. */
export function steppedBackTo(state: RestoreWizardState, name: RestoreStepName): RestoreWizardState {
  let at = state;
  while (at.step.name !== name) {
    const before = steppedBack(at);
    if (before === at) return state;
    at = before;
  }
  return at;
}

/** Takes the preview's news into the step; news for another step are of no use any more. */
export function planned(state: RestoreWizardState, planning: Planning): RestoreWizardState {
  return state.step.name === 'preview' ? { ...state, step: { name: 'preview', planning } } : state;
}

/** The step that a restore of the engine is in. Its evidence is read after its results were seen. */
export function stepOfRestore(restore: RestoreState): Extract<RestoreStep, { restoreId: string }> {
  switch (restore.state) {
    case 'planned':
    case 'running':
    case 'interrupted':
    case 'failed':
    case 'cancelled':
      return { name: 'run', restoreId: restore.id };
    case 'verifying':
    case 'done':
      return { name: 'verify', restoreId: restore.id };
    default:
      return assertNever(restore.state);
  }
}

/** Whether a restore stopped half-way and can go on. */
export function isResumable(state: RestoreState['state']): boolean {
  return state === 'interrupted' || state === 'cancelled' || state === 'failed';
}

/** How risky the choices are; the confirmation speaks accordingly. */
export function riskOf(choices: RestoreChoices): 'low' | 'high' {
  const { where } = choices;
  const isOverOriginal = where.kind === 'original' || (where.kind === 'host' && where.dir === '/');
  return isOverOriginal || choices.overwrite !== ('never' satisfies Overwrite) ? 'high' : 'low';
}
