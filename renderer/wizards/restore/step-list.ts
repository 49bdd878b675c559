import type { RestorePlan } from '#shared/contract/restore.ts';
import { absoluteText } from '../../components/time.ts';
import type { WizardStep } from '../../components/wizard.tsx';
import type { Translate } from '../../locales/use-translation.ts';
import type { RestoreChoices } from './choices.ts';
import { placeText } from './place-text.ts';
import { type RestoreStepName, restoreSteps } from './steps.ts';

/** What was chosen, as short texts for the list on the left; a step without one has nothing to show yet. */
export type ChosenTexts = Partial<Record<RestoreStepName, string>>;

/** The eight steps with what was chosen in them. */
export function stepList(t: Translate, chosen: ChosenTexts): readonly WizardStep[] {
  return restoreSteps.map((id) => {
    const text = chosen[id];
    return {
      id,
      title: t(`recovery:wizard.step.${id}`),
      ...(text === undefined ? {} : { chosen: text }),
    };
  });
}

/** What a selection is called: everything, one path, or how many. */
export function selectionText(t: Translate, plan: string, paths: readonly string[]): string {
  if (paths.length === 0) return t('recovery:wizard.chosen.everything', { plan });
  if (paths.length === 1) return t('recovery:wizard.chosen.one', { path: paths[0] });
  return t('recovery:wizard.chosen.many', { plan, count: paths.length });
}

/** The choices of a wizard that is under way. */
export function chosenOfDraft(t: Translate, choices: RestoreChoices): ChosenTexts {
  const { what, when, where } = choices;
  return {
    ...(what === null ? {} : { what: selectionText(t, what.plan, what.kind === 'paths' ? what.paths : []) }),
    ...(when === null ? {} : { when: absoluteText(when.at) }),
    ...(where.kind === 'original'
      ? { where: t('recovery:wizard.chosen.original') }
      : where.dir === ''
        ? {}
        : { where: where.dir }),
  };
}

/** The choices of a restore that was started. */
export function chosenOfPlan(t: Translate, plan: RestorePlan): ChosenTexts {
  const { restore, update, skip } = plan.totals;
  return {
    what: selectionText(t, plan.planName, plan.selection),
    when: absoluteText(plan.pointAt),
    where: plan.original ? t('recovery:wizard.chosen.original') : placeText(plan),
    preview: t('recovery:wizard.chosen.plan', {
      restore: restore.files.toLocaleString('en-US'),
      update: update.files.toLocaleString('en-US'),
      skip: skip.files.toLocaleString('en-US'),
    }),
  };
}
