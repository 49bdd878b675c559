import { useEffect, useId, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { RestorePlan } from '#shared/contract/restore.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmByTyping } from '../../components/confirm-by-typing.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { ProgressLines } from '../../components/job-progress-view.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { useCall, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useJob } from '../../stores/jobs.ts';
import { PlanItems } from './plan-items.tsx';
import { Totals } from './preview-step.tsx';
import { SafetyLine } from './safety-line.tsx';

const rules = ['keep', 'replace'] as const;

/** Undoing a restore: the rule for what was changed since, the preview, and the word that starts it. */
export function UndoRestore() {
  const { t } = useTranslation();
  const { restoreId = '' } = useParams();
  const call = useCall();
  const group = useId();
  const [changed, setChanged] = useState<(typeof rules)[number]>('keep');
  const [jobId, setJobId] = useState<string | null>(null);
  const [planId, setPlanId] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const job = useJob(jobId);
  useEffect(() => {
    if (job?.endedAt == null) return;
    setJobId(null);
    if (job.result) setPlanId(job.result.id);
    else setError(job.error);
  }, [job]);
  const compute = async (): Promise<void> => {
    setPlanId(null);
    const answer = await call('restore.undo', { restoreId, changed });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setJobId(answer.value.jobId);
  };
  return (
    <div className="page stack" data-testid="undo-restore">
      <h1>{t('restore:undo.title')}</h1>
      <p>{t('restore:undo.explain')}</p>
      <fieldset className="choices">
        <legend>{t('restore:undo.changed')}</legend>
        {rules.map((rule) => (
          <label key={rule} className="choice">
            <input
              type="radio"
              name={group}
              checked={changed === rule}
              onChange={() => {
                setChanged(rule);
                setPlanId(null);
              }}
            />
            <span>{t(`restore:undo.${rule}`)}</span>
          </label>
        ))}
      </fieldset>
      {error && <ErrorNotice error={error} />}
      {planId === null && (
        <div className="row">
          <Button kind="primary" data-autofocus disabled={jobId !== null} onClick={() => void compute()}>
            {t('restore:undo.preview')}
          </Button>
        </div>
      )}
      {job?.progress && jobId !== null && <ProgressLines progress={job.progress} />}
      {planId !== null && <UndoPlan planId={planId} />}
    </div>
  );
}

function UndoPlan({ planId }: { readonly planId: string }) {
  const request = useRequest('restore.plan.get', { planId });
  return (
    <RequestView request={request} rows={6}>
      {(plan) => (
        <>
          <Totals plan={plan} />
          <SafetyLine plan={plan} />
          <PlanItems plan={plan} />
          <Start plan={plan} />
        </>
      )}
    </RequestView>
  );
}

function Start({ plan }: { readonly plan: RestorePlan }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const { restore, update, remove, skip } = plan.totals;
  const start = async (confirm: string): Promise<void> => {
    setBusy(true);
    const answer = await call('restore.start', { planId: plan.id, confirm });
    setBusy(false);
    if (answer.ok) void navigate(`/recovery/restores/${encodeURIComponent(plan.id)}`, { replace: true });
    else setError(answer.error);
  };
  return (
    <>
      <p className="confirm-sentence high">
        {t('restore:confirm.undo', {
          update: (update.files + restore.files).toLocaleString('en-US'),
          remove: remove.files.toLocaleString('en-US'),
          skip: skip.files.toLocaleString('en-US'),
        })}
      </p>
      <ConfirmByTyping
        word={plan.confirmWord === '' ? plan.planName : plan.confirmWord}
        actionLabel={t('restore:undo.start')}
        busy={busy}
        onConfirm={() => void start(plan.confirmWord)}
      />
      {error && <ErrorNotice error={error} />}
    </>
  );
}
