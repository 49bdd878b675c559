import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { BackupPlan } from '#shared/contract/backup.ts';
import { type AppError, assertNever } from '#shared/errors/index.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useCall, useRequest } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { Wizard } from '../../components/wizard.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { planPath } from '../../pages/backups/use-backups.ts';
import { IssueList } from '../issue-list.tsx';
import { useChosenText } from './chosen-text.ts';
import { ConfirmStep } from './confirm-step.tsx';
import { DoneStep } from './done-step.tsx';
import { type BackupPlanDraft, draftOf, toPlanInput } from './draft.ts';
import { LimitsStep } from './limits-step.tsx';
import { PresetStep } from './preset-step.tsx';
import { ProtectionStep } from './protection-step.tsx';
import { ScheduleStep } from './schedule-step.tsx';
import { sourcesIssues } from './sources/draft.ts';
import {
  type BackupPlanStep,
  backupPlanSteps,
  editSteps,
  emptyBackupPlan,
  issuesOf,
  warningsOf,
} from './steps.ts';
import { WhatStep } from './what-step.tsx';
import { WhereStep } from './where-step.tsx';

/** What every step's view is given. */
export type StepViewProps = {
  readonly draft: BackupPlanDraft;
  readonly change: (edit: (draft: BackupPlanDraft) => BackupPlanDraft) => void;
  /** Enter in a field goes on, which is always safe before the confirmation. */
  readonly onNext: () => void;
  /** The plan that is changed; null when one is made. */
  readonly editing: BackupPlan | null;
};

/** Makes a backup plan: what for, what, where to, when, how it is protected, its limits, confirm, done. */
export function BackupPlanWizard() {
  return <PlanWizard editing={null} />;
}

/** Changes a plan in the same steps; the confirmation tells what will differ. */
export function EditPlanWizard() {
  const { t } = useTranslation();
  const { name = '' } = useParams();
  const known = useRequest('backup.plans.list', {});
  return (
    <RequestView request={known} rows={8}>
      {({ plans }) => {
        const plan = plans.find((other) => other.name === name);
        return plan === undefined ? (
          <EmptyState
            title={t('backups:plan.missing', { name })}
            action={<Link to="/backups">{t('backups:plan.back')}</Link>}
          />
        ) : (
          <PlanWizard key={plan.id} editing={plan} />
        );
      }}
    </RequestView>
  );
}

function PlanWizard({ editing }: { readonly editing: BackupPlan | null }) {
  const { t } = useTranslation();
  const text = useText();
  const navigate = useNavigate();
  const call = useCall();
  const steps = editing === null ? backupPlanSteps : editSteps;
  // The plan as it was when the wizard was opened: what somebody else changes meanwhile must not slip in.
  const [original] = useState(editing);
  const [step, setStep] = useState<BackupPlanStep>(steps[0] ?? 'what');
  const [draft, setDraft] = useState<BackupPlanDraft>(() =>
    editing === null ? emptyBackupPlan : draftOf(editing),
  );
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const known = useRequest('backup.plans.list', {});
  const names = known.data?.plans.map((plan) => plan.name) ?? [];
  const taken = step === 'done' || editing !== null ? [] : names;
  const now = Date.now();
  const issues = [
    ...issuesOf(step, draft, taken, now).map((issue) => t(`backups:wizard.issue.${issue}`)),
    ...(step === 'what' || step === 'confirm' ? sourcesIssues(draft) : []).map((issue) =>
      t(`sources:issue.${issue}`),
    ),
  ];
  const warnings = step === 'schedule' || step === 'confirm' ? warningsOf(draft, now) : [];
  const chosen = useChosenText(draft);
  const at = steps.indexOf(step);
  const close = editing === null ? '/backups' : planPath(editing.name);

  const save = async (): Promise<void> => {
    setBusy(true);
    const answer = await call(
      editing === null ? 'backup.plans.add' : 'backup.plans.update',
      toPlanInput(draft),
    );
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    if (editing === null) setStep('done');
    else void navigate(close);
  };
  const next = (): void => {
    if (issues.length > 0 || busy) return;
    if (step === 'confirm') void save();
    else setStep(steps[at + 1] ?? step);
  };
  const saveLabel =
    editing === null
      ? t(busy ? 'backups:wizard.creating' : 'backups:wizard.create')
      : t(busy ? 'plans:saving' : 'plans:save');

  return (
    <Wizard
      title={editing === null ? t('backups:wizard.title') : t('plans:editTitle', { name: editing.name })}
      steps={steps.map((id, index) => {
        const words = index < at ? chosen(id) : '';
        return { id, title: t(`backups:wizard.step.${id}`), ...(words === '' ? {} : { chosen: words }) };
      })}
      current={at}
      onBack={at === 0 || step === 'done' ? undefined : () => setStep(steps[at - 1] ?? step)}
      onNext={step === 'done' ? undefined : next}
      nextDisabled={issues.length > 0 || busy}
      {...(step === 'confirm' ? { nextLabel: saveLabel } : {})}
      onCancel={step === 'done' ? undefined : () => void navigate(close)}
      onJump={step === 'done' ? undefined : (index) => setStep(steps[index] ?? step)}
    >
      <StepView step={step} draft={draft} change={setDraft} onNext={next} editing={original} />
      <IssueList issues={issues} />
      {warnings.map((warning) => (
        <StateBadge key={warning} state="warning" word={t(`backups:wizard.issue.${warning}`)} />
      ))}
      {error && <ErrorNotice error={error} />}
      <span className="visually-hidden" role="status">
        {error && text(error.message)}
      </span>
    </Wizard>
  );
}

function StepView({ step, ...props }: StepViewProps & { readonly step: BackupPlanStep }) {
  switch (step) {
    case 'preset':
      return <PresetStep {...props} />;
    case 'what':
      return <WhatStep {...props} />;
    case 'where':
      return <WhereStep {...props} />;
    case 'schedule':
      return <ScheduleStep {...props} />;
    case 'protection':
      return <ProtectionStep {...props} />;
    case 'limits':
      return <LimitsStep {...props} />;
    case 'confirm':
      return <ConfirmStep {...props} />;
    case 'done':
      return <DoneStep {...props} />;
    default:
      return assertNever(step);
  }
}
