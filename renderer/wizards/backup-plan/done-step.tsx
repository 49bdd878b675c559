import { useState } from 'react';
import { Link } from 'react-router';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { JobProgressView } from '../../components/job-progress-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { planPath, pointPath } from '../../pages/backups/use-backups.ts';
import { useJob } from '../../stores/jobs.ts';
import type { StepViewProps } from './backup-plan-wizard.tsx';

/** The plan is there; what it lacks is its first backup. */
export function DoneStep({ draft }: StepViewProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [jobId, setJobId] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const job = useJob(jobId);
  const run = async (): Promise<void> => {
    const answer = await call('backup.run', { name: draft.name, type: 'full' });
    setJobId(answer.ok ? answer.value.jobId : null);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <>
      <StateBadge state="ok" word={t('backups:wizard.done', { name: draft.name })} />
      {!job && <StateBadge state="warning" word={t('backups:wizard.doneNext')} />}
      {error && <ErrorNotice error={error} />}
      {job && <JobProgressView job={job} />}
      <div className="row">
        {jobId === null && (
          <Button kind="primary" onClick={() => void run()}>
            {t('backups:wizard.runNow')}
          </Button>
        )}
        {job?.state === 'done' && job.result && (
          <Link className="btn btn-primary" to={pointPath(job.result.id)}>
            {t('backups:wizard.toPoint')}
          </Link>
        )}
        <Link className="btn" to={planPath(draft.name)}>
          {t('backups:wizard.toPlan')}
        </Link>
      </div>
    </>
  );
}
