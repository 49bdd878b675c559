import { useEffect, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { RestoreState } from '#shared/contract/restore.ts';
import { type AppError, assertNever } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { JobProgressView } from '../../components/job-progress-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { StateShape } from '../../components/state-badge.tsx';
import { useCall, useEvent, useRequest } from '../../components/use-request.ts';
import { Wizard } from '../../components/wizard.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { useJob } from '../../stores/jobs.ts';
import { EvidenceStep } from './evidence-step.tsx';
import { chosenOfPlan, stepList } from './step-list.ts';
import { isResumable, type RestoreStep, restoreSteps, stepOfRestore } from './steps.ts';
import { VerifyStep } from './verify-step.tsx';

const ASK_AGAIN_MS = 2_000;

/** Steps six to eight of a restore that was started. The engine keeps its state: the window may close meanwhile. */
export function RestoreRun() {
  const { t } = useTranslation();
  const { restoreId = '' } = useParams();
  const request = useRequest('restore.get', { restoreId }, { refreshMs: ASK_AGAIN_MS });
  useEvent('restore.changed', (changed) => {
    if (changed.restoreId === restoreId) request.reload();
  });
  if (request.data === null) {
    return (
      <div className="page">
        <h1>{t('recovery:wizard.title')}</h1>
        {request.error && request.error.code !== 'ENGINE_GONE' ? (
          <ErrorNotice error={request.error} onRetry={request.reload} />
        ) : (
          <Skeleton rows={8} />
        )}
      </div>
    );
  }
  return <RunWizard restore={request.data} onChanged={request.reload} />;
}

type RunWizardProps = {
  readonly restore: RestoreState;
  readonly onChanged: () => void;
};

function RunWizard({ restore, onChanged }: RunWizardProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const wantsEvidence = params.get('step') === 'evidence' && restore.finishedAt !== null;
  const step: RestoreStep = wantsEvidence
    ? { name: 'evidence', restoreId: restore.id }
    : stepOfRestore(restore);
  const show = (name: 'evidence' | null): void =>
    setParams(name === null ? new URLSearchParams() : new URLSearchParams({ step: name }));
  const ended = restore.state === 'done';
  return (
    <Wizard
      title={t('recovery:wizard.title')}
      steps={stepList(t, chosenOfPlan(t, restore.plan))}
      current={restoreSteps.indexOf(step.name)}
      onBack={step.name === 'evidence' ? () => show(null) : undefined}
      onNext={
        step.name === 'verify'
          ? () => show('evidence')
          : step.name === 'evidence'
            ? () => void navigate('/recovery')
            : undefined
      }
      nextLabel={t(
        step.name === 'evidence' ? 'recovery:wizard.evidence.finish' : 'recovery:wizard.verify.toEvidence',
      )}
      nextDisabled={step.name === 'verify' && !ended}
      onCancel={undefined}
    >
      <RunStepView step={step} restore={restore} onChanged={onChanged} onEvidence={() => show('evidence')} />
    </Wizard>
  );
}

type RunStepViewProps = RunWizardProps & {
  readonly step: RestoreStep;
  readonly onEvidence: () => void;
};

function RunStepView({ step, restore, onChanged, onEvidence }: RunStepViewProps) {
  switch (step.name) {
    case 'run':
      return <RunStep restore={restore} onChanged={onChanged} onEvidence={onEvidence} />;
    case 'verify':
      return <VerifyStep restore={restore} />;
    case 'evidence':
      return <EvidenceStep restore={restore} />;
    case 'what':
    case 'when':
    case 'where':
    case 'preview':
    case 'confirm':
      // A restore that was started is past these.
      return null;
    default:
      return assertNever(step);
  }
}

/** The restore at work, or why it is not, with the way to go on. */
function RunStep({ restore, onChanged, onEvidence }: Omit<RunStepViewProps, 'step'>) {
  const { t } = useTranslation();
  const job = useJob(restore.jobId);
  // The job's end may be heard before the restore's own news.
  const jobEnded = job?.endedAt ?? null;
  useEffect(() => {
    if (jobEnded !== null) onChanged();
  }, [jobEnded, onChanged]);
  return (
    <>
      {isResumable(restore.state) ? (
        <Stopped restore={restore} onChanged={onChanged} onEvidence={onEvidence} />
      ) : (
        <>
          {job ? <JobProgressView job={job} /> : <p role="status">{t('recovery:wizard.run.waiting')}</p>}
          <p className="soft">{t('recovery:wizard.run.background')}</p>
        </>
      )}
    </>
  );
}

function Stopped({ restore, onChanged, onEvidence }: Omit<RunStepViewProps, 'step'>) {
  const { t } = useTranslation();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const resume = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('restore.resume', { restoreId: restore.id });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    onChanged();
  };
  const state = restore.state === 'cancelled' || restore.state === 'failed' ? restore.state : 'interrupted';
  return (
    <>
      <div className={`notice notice-${state === 'failed' ? 'critical' : 'warning'}`} role="status">
        <StateShape state={state === 'failed' ? 'critical' : 'warning'} />
        <div className="notice-body">{t(`recovery:wizard.run.${state}`)}</div>
      </div>
      {restore.error && restore.error.code !== 'CANCELLED' && <ErrorNotice error={restore.error} />}
      {error && <ErrorNotice error={error} />}
      <div className="row">
        <Button kind="primary" disabled={busy} onClick={() => void resume()}>
          {t('recovery:wizard.run.resume')}
        </Button>
        {restore.finishedAt !== null && (
          <Button onClick={onEvidence}>{t('recovery:wizard.verify.toEvidence')}</Button>
        )}
      </div>
    </>
  );
}
