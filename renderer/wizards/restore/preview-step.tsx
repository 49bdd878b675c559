import { useEffect, useRef } from 'react';
import type { RestorePlan } from '#shared/contract/restore.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Bytes, Count } from '../../components/figures.tsx';
import { ProgressLines } from '../../components/job-progress-view.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useCall, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useConnection } from '../../stores/connection.ts';
import { useJob } from '../../stores/jobs.ts';
import { type RestoreChoices, toPlanRequest } from './choices.ts';
import { placeText } from './place-text.ts';
import { PlanItems } from './plan-items.tsx';
import { SafetyLine } from './safety-line.tsx';
import type { Planning } from './steps.ts';

export type PreviewStepProps = {
  readonly choices: RestoreChoices;
  readonly planning: Planning;
  readonly onPlanning: (planning: Planning) => void;
};

/** Actions in the order of their weight. */
const restoreActions = ['restore', 'update', 'remove', 'same', 'skip'] as const;

/** Only undoing removes anything. */
export function shownActions(plan: RestorePlan): readonly (typeof restoreActions)[number][] {
  return restoreActions.filter((action) => action !== 'remove' || plan.undoOf !== null);
}

/** What would happen, computed by the engine, file by file; the very plan that is executed. Nothing is written. */
export function PreviewStep({ choices, planning, onPlanning }: PreviewStepProps) {
  const { t } = useTranslation();
  usePlanning(choices, planning, onPlanning);
  const job = useJob(planning.state === 'computing' ? planning.jobId : null);
  switch (planning.state) {
    case 'idle':
    case 'computing':
      return (
        <>
          <p role="status">{t('recovery:wizard.preview.computing')}</p>
          {job?.progress && <ProgressLines progress={job.progress} />}
        </>
      );
    case 'failed':
      return (
        <>
          {planning.error && <ErrorNotice error={planning.error} />}
          <div>
            <Button onClick={() => onPlanning({ state: 'idle' })}>
              {t('recovery:wizard.preview.again')}
            </Button>
          </div>
        </>
      );
    case 'ready':
      return <PlanView planId={planning.planId} onAgain={() => onPlanning({ state: 'idle' })} />;
  }
}

/** Starts the computation of a preview that is not there yet, and hears its end. */
function usePlanning(
  choices: RestoreChoices,
  planning: Planning,
  onPlanning: (planning: Planning) => void,
): void {
  const call = useCall();
  const client = useConnection((state) => state.client);
  const tell = useRef(onPlanning);
  tell.current = onPlanning;
  const idle = planning.state === 'idle';
  useEffect(() => {
    const request = toPlanRequest(choices);
    if (!idle || client === null || request === null) return;
    let left = false;
    void client.call('restore.plan', request).then((answer) => {
      if (left) {
        if (answer.ok) void client.call('jobs.cancel', { id: answer.value.jobId });
        return;
      }
      tell.current(
        answer.ok
          ? { state: 'computing', jobId: answer.value.jobId }
          : { state: 'failed', error: answer.error },
      );
    });
    return () => {
      left = true;
    };
  }, [idle, client, choices]);

  const jobId = planning.state === 'computing' ? planning.jobId : null;
  const job = useJob(jobId);
  useEffect(() => {
    if (job?.endedAt == null) return;
    if (job.state === 'done' && job.result) tell.current({ state: 'ready', planId: job.result.id });
    else tell.current({ state: 'failed', error: job.error });
  }, [job]);
  // A computation that nobody waits for any more is not finished.
  const waiting = useRef(jobId);
  waiting.current = jobId;
  useEffect(
    () => () => {
      if (waiting.current === null) return;
      void call('jobs.cancel', { id: waiting.current });
      tell.current({ state: 'idle' });
    },
    [call],
  );
  // An engine that was started again does not know the old computation.
  useEffect(() => {
    if (jobId === null || client === null) return;
    void call('jobs.get', { id: jobId }).then((answer) => {
      if (!answer.ok && answer.error.code === 'NOT_FOUND') tell.current({ state: 'idle' });
    });
  }, [jobId, client, call]);
}

function PlanView({ planId, onAgain }: { readonly planId: string; readonly onAgain: () => void }) {
  const { t } = useTranslation();
  const request = useRequest('restore.plan.get', { planId });
  return (
    <RequestView request={request} rows={8}>
      {(plan) => (
        <>
          <Totals plan={plan} />
          <SpaceLine plan={plan} />
          <SafetyLine plan={plan} />
          <div className="row">
            <span className="soft small mono">
              {t('recovery:wizard.preview.hash', { hash: plan.hash.slice(0, 16) })}
            </span>
            <span className="spacer" />
            <Button onClick={onAgain}>{t('recovery:wizard.preview.again')}</Button>
          </div>
          <PlanItems plan={plan} />
        </>
      )}
    </RequestView>
  );
}

/** The four totals; what replaces something is marked. */
export function Totals({ plan }: { readonly plan: RestorePlan }) {
  const { t } = useTranslation();
  return (
    <>
      <strong>
        {plan.original
          ? t('recovery:wizard.preview.targetOriginal')
          : t('recovery:wizard.preview.target', { dir: placeText(plan) })}
      </strong>
      <section className="totals" aria-label={t('recovery:wizard.preview.totals')}>
        {shownActions(plan).map((action) => {
          const { files, bytes } = plan.totals[action];
          return (
            <div key={action} className={`total total-${action}`} data-total={action}>
              <span>{t(`recovery:wizard.preview.action.${action}`)}</span>
              <strong className="total-figure">
                <Count value={files} />
              </strong>
              <span className="soft">
                <Bytes value={bytes} />
              </span>
              <span className="soft small">{t(`recovery:wizard.preview.actionBody.${action}`)}</span>
            </div>
          );
        })}
      </section>
      {plan.totals.restore.files + plan.totals.update.files + plan.totals.remove.files === 0 && (
        <StateBadge state="info" word={t('recovery:wizard.preview.nothing')} />
      )}
    </>
  );
}

function SpaceLine({ plan }: { readonly plan: RestorePlan }) {
  const { t } = useTranslation();
  if (plan.freeBytes === Number.MAX_SAFE_INTEGER)
    return (
      <StateBadge
        state="info"
        word={t('restore:host.spaceUnknown', { needed: formatBytes(plan.neededBytes) })}
      />
    );
  const figures = { needed: formatBytes(plan.neededBytes), free: formatBytes(plan.freeBytes) };
  return plan.neededBytes > plan.freeBytes ? (
    <StateBadge state="critical" word={t('recovery:wizard.preview.spaceShort', figures)} />
  ) : (
    <StateBadge state="ok" word={t('recovery:wizard.preview.space', figures)} />
  );
}
