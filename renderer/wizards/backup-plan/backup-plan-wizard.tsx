import { useState } from 'react';
import { useNavigate } from 'react-router';
import { type AppError, assertNever } from '#shared/errors/index.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { durationText } from '../../components/time.ts';
import { useCall, useRequest } from '../../components/use-request.ts';
import { Wizard } from '../../components/wizard.tsx';
import { type Translate, useTranslation } from '../../locales/use-translation.ts';
import { IssueList } from '../issue-list.tsx';
import { ConfirmStep } from './confirm-step.tsx';
import { DoneStep } from './done-step.tsx';
import { ObjectivesStep } from './objectives-step.tsx';
import { ScheduleStep } from './schedule-step.tsx';
import { scheduleText } from './schedule-text.ts';
import {
  type BackupPlanDraft,
  type BackupPlanStep,
  backupPlanSteps,
  emptyBackupPlan,
  issuesOf,
  nextStep,
  previousStep,
  toPlanInput,
  warningsOf,
} from './steps.ts';
import { WhatStep } from './what-step.tsx';
import { WhereStep } from './where-step.tsx';

/** Makes a backup plan: what, where to, class and objectives, when, confirm, done. */
export function BackupPlanWizard() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const [step, setStep] = useState<BackupPlanStep>('what');
  const [draft, setDraft] = useState<BackupPlanDraft>(emptyBackupPlan);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const known = useRequest('backup.plans.list', {});
  const taken = step === 'done' ? [] : (known.data?.plans.map((plan) => plan.name) ?? []);
  const now = Date.now();
  const issues = issuesOf(step, draft, taken, now);
  const warnings = step === 'schedule' || step === 'confirm' ? warningsOf(draft, now) : [];

  const create = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('backup.plans.add', toPlanInput(draft));
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setStep('done');
  };
  const next = (): void => {
    if (step === 'confirm') void create();
    else setStep(nextStep(step, draft, taken, Date.now()));
  };

  return (
    <Wizard
      title={t('backups:wizard.title')}
      steps={backupPlanSteps.map((id) => {
        const chosen = chosenText(t, id, draft, step);
        return { id, title: t(`backups:wizard.step.${id}`), ...(chosen === '' ? {} : { chosen }) };
      })}
      current={backupPlanSteps.indexOf(step)}
      onBack={step === 'what' || step === 'done' ? undefined : () => setStep(previousStep(step))}
      onNext={step === 'done' ? undefined : next}
      nextDisabled={issues.length > 0 || busy}
      {...(step === 'confirm'
        ? { nextLabel: t(busy ? 'backups:wizard.creating' : 'backups:wizard.create') }
        : {})}
      onCancel={step === 'done' ? undefined : () => void navigate('/backups')}
      onJump={step === 'done' ? undefined : (index) => setStep(backupPlanSteps[index] ?? step)}
    >
      <StepView step={step} draft={draft} change={setDraft} onNext={next} />
      <IssueList issues={issues.map((issue) => t(`backups:wizard.issue.${issue}`))} />
      {warnings.map((warning) => (
        <StateBadge key={warning} state="warning" word={t(`backups:wizard.issue.${warning}`)} />
      ))}
      {error && <ErrorNotice error={error} />}
    </Wizard>
  );
}

/** What every step's view is given. */
export type StepViewProps = {
  readonly draft: BackupPlanDraft;
  readonly change: (edit: (draft: BackupPlanDraft) => BackupPlanDraft) => void;
  /** Enter in a field goes on, which is always safe before the confirmation. */
  readonly onNext: () => void;
};

function StepView({ step, ...props }: StepViewProps & { readonly step: BackupPlanStep }) {
  switch (step) {
    case 'what':
      return <WhatStep {...props} />;
    case 'where':
      return <WhereStep {...props} />;
    case 'objectives':
      return <ObjectivesStep {...props} />;
    case 'schedule':
      return <ScheduleStep {...props} />;
    case 'confirm':
      return <ConfirmStep {...props} />;
    case 'done':
      return <DoneStep {...props} />;
    default:
      return assertNever(step);
  }
}

/** What was chosen in a step so far, for the list on the left. */
function chosenText(t: Translate, id: BackupPlanStep, draft: BackupPlanDraft, at: BackupPlanStep): string {
  if (backupPlanSteps.indexOf(id) >= backupPlanSteps.indexOf(at)) return '';
  switch (id) {
    case 'what':
      return `${draft.name} · ${draft.sources.length === 1 ? draft.sources[0] : t('backups:wizard.sourcesCount', { count: draft.sources.length })}`;
    case 'where':
      return draft.targetDir;
    case 'objectives':
      return [
        t(`backups:dataClass.${draft.dataClass}`),
        draft.rpoMs === null ? '' : `RPO ${durationText(t, draft.rpoMs)}`,
        draft.rtoMs === null ? '' : `RTO ${durationText(t, draft.rtoMs)}`,
      ]
        .filter((part) => part !== '')
        .join(' · ');
    case 'schedule':
      return scheduleText(t, draft.schedule);
    case 'confirm':
    case 'done':
      return '';
  }
}
