import { useEffect, useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { ListedPoint } from '#shared/contract/backup.ts';
import { assertNever } from '#shared/errors/index.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { Wizard } from '../../components/wizard.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { NoPoints } from '../../pages/backups/no-points.tsx';
import { RebuildJobs } from '../../pages/backups/rebuild-dialog.tsx';
import {
  discardRestoreDraft,
  updateRestoreChoices,
  updateRestoreDraft,
  useRestoreDraft,
} from '../../stores/restore-draft.ts';
import { IssueList } from '../issue-list.tsx';
import { ConfirmStep } from './confirm-step.tsx';
import { startOf } from './entry.ts';
import { PreviewStep } from './preview-step.tsx';
import { chosenOfDraft, stepList } from './step-list.ts';
import {
  advanced,
  canStepBack,
  obstacle,
  planned,
  type RestoreWizardState,
  restoreSteps,
  steppedBack,
  steppedBackTo,
  toldObstacle,
} from './steps.ts';
import { WhatStep } from './what-step.tsx';
import { WhenStep } from './when-step.tsx';
import { WhereStep } from './where-step.tsx';

/** Steps one to five of a restore; nothing is written before the last of them. It can be left and taken up again. */
export function RestoreWizard() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const request = useRequest('backup.points.list', {});
  useEvent('backup.changed', request.reload);
  const points = request.data?.points;
  // An address may say what to begin with; once taken in, it does not stay, so that a reload keeps the progress.
  useEffect(() => {
    if (points === undefined || params.size === 0) return;
    const begun = startOf(params, points);
    if (begun !== null) updateRestoreDraft(() => begun);
    setParams(new URLSearchParams(), { replace: true });
  }, [points, params, setParams]);
  if (points === undefined || params.size > 0) {
    return (
      <div className="page" data-testid="restore-wizard-loading">
        <h1>{t('recovery:wizard.title')}</h1>
        {request.error && request.error.code !== 'ENGINE_GONE' ? (
          <ErrorNotice error={request.error} onRetry={request.reload} />
        ) : (
          <Skeleton rows={8} />
        )}
      </div>
    );
  }
  if (points.length === 0) {
    return (
      <div className="page">
        <h1>{t('recovery:wizard.title')}</h1>
        <RebuildJobs onEnded={request.reload} />
        <NoPoints />
      </div>
    );
  }
  return <DraftWizard points={points} />;
}

function DraftWizard({ points }: { readonly points: readonly ListedPoint[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const wizard = useRestoreDraft((state) => state.wizard);
  const steps = useMemo(() => stepList(t, chosenOfDraft(t, wizard.choices)), [t, wizard.choices]);
  const told = toldObstacle(wizard, points);
  return (
    <Wizard
      title={t('recovery:wizard.title')}
      steps={steps}
      current={restoreSteps.indexOf(wizard.step.name)}
      onBack={canStepBack(wizard) ? () => updateRestoreDraft(steppedBack) : undefined}
      onNext={wizard.step.name === 'confirm' ? undefined : () => updateRestoreDraft(advanced)}
      nextDisabled={obstacle(wizard) !== null}
      onCancel={() => void navigate('/recovery')}
      onJump={(index) => {
        const name = restoreSteps[index];
        if (name) updateRestoreDraft((state) => steppedBackTo(state, name));
      }}
    >
      <RebuildJobs />
      <StepView
        wizard={wizard}
        points={points}
        onStarted={(restoreId) => {
          discardRestoreDraft();
          void navigate(`/recovery/restores/${encodeURIComponent(restoreId)}`, { replace: true });
        }}
      />
      {told !== null && <IssueList issues={[t(`recovery:wizard.obstacle.${told}`)]} />}
    </Wizard>
  );
}

type StepViewProps = {
  readonly wizard: RestoreWizardState;
  readonly points: readonly ListedPoint[];
  readonly onStarted: (restoreId: string) => void;
};

function StepView({ wizard, points, onStarted }: StepViewProps) {
  const { choices, step } = wizard;
  switch (step.name) {
    case 'what':
      return <WhatStep choices={choices} points={points} change={updateRestoreChoices} />;
    case 'when':
      return <WhenStep choices={choices} points={points} change={updateRestoreChoices} />;
    case 'where':
      return (
        <WhereStep
          choices={choices}
          change={updateRestoreChoices}
          onNext={() => updateRestoreDraft(advanced)}
        />
      );
    case 'preview':
      return (
        <PreviewStep
          choices={choices}
          planning={step.planning}
          onPlanning={(planning) => updateRestoreDraft((state) => planned(state, planning))}
        />
      );
    case 'confirm':
      return <ConfirmStep choices={choices} planId={step.planId} onStarted={onStarted} />;
    case 'run':
    case 'verify':
    case 'evidence':
      // These belong to a restore that was started, which has an address of its own; a draft never gets there.
      return null;
    default:
      return assertNever(step);
  }
}
