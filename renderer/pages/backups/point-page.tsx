import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { ListedPoint } from '#shared/contract/backup.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RelativeTime } from '../../components/figures.tsx';
import { JobProgressView } from '../../components/job-progress-view.tsx';
import { PageHeader, Panel } from '../../components/page-header.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { absoluteText } from '../../components/time.ts';
import { useCall, useEvent, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useJob } from '../../stores/jobs.ts';
import { PointBadge } from './badges.tsx';
import { BrowsePoint } from './browse-point.tsx';
import { PointDumps } from './databases/point-dumps.tsx';
import { PointCopies } from './media/point-copies.tsx';
import { RunReportView } from './run-report.tsx';
import { planPath } from './use-backups.ts';

/** One restore point: whether it can be trusted, what its run did, and what is in it. */
export function PointPage() {
  const { t } = useTranslation();
  const { pointId = '' } = useParams();
  const request = useRequest('backup.points.get', { pointId });
  useEvent('backup.changed', request.reload);
  if (request.error && request.error.code !== 'ENGINE_GONE' && request.data === null) {
    return (
      <div className="page stack">
        <ErrorNotice error={request.error} onRetry={request.reload} />
        <EmptyState
          title={t('backups:point.notFound')}
          action={<Link to="/backups">{t('backups:plan.back')}</Link>}
        />
      </div>
    );
  }
  return (
    <div className="page stack">
      <RequestView request={request} rows={10}>
        {(point) => <PointView point={point} />}
      </RequestView>
    </div>
  );
}

function PointView({ point }: { readonly point: ListedPoint }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const restore = (path: string | null): void => {
    const params = new URLSearchParams({ plan: point.plan, point: point.id });
    if (path !== null) params.set('path', path);
    void navigate(`/recovery/restore?${params.toString()}`);
  };
  return (
    <>
      <PageHeader
        title={t('backups:point.title', { time: absoluteText(point.startedAt) })}
        summary={
          <span className="row">
            <PointBadge point={point} />
            <Link to={planPath(point.plan)}>{point.plan}</Link>
            <span className="soft">{t(`backups:type.${point.type}`)}</span>
            <span className="soft">
              {point.verifiedAt === null ? (
                t('backups:point.never')
              ) : (
                <>
                  {t('backups:point.verifiedAt')} <RelativeTime time={point.verifiedAt} />
                </>
              )}
            </span>
          </span>
        }
        actions={
          <>
            <VerifyPoint point={point} />
            <Button kind="primary" disabled={point.state === 'missing'} onClick={() => restore(null)}>
              {t('backups:point.restore')}
            </Button>
          </>
        }
      />
      {point.verifyError && <ErrorNotice error={point.verifyError} />}
      <PointCopies point={point} />
      <PointDumps pointId={point.id} />
      <div className="point-columns">
        <Panel title={t('backups:point.report')}>
          <RunReportView point={point} />
        </Panel>
        <Panel title={t('backups:point.browse')}>
          <BrowsePoint pointId={point.id} onRestore={restore} />
        </Panel>
      </div>
    </>
  );
}

/** Verifies this very point and shows how that goes. */
function VerifyPoint({ point }: { readonly point: ListedPoint }) {
  const { t } = useTranslation();
  const call = useCall();
  const [jobId, setJobId] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const job = useJob(jobId);
  const verify = async (): Promise<void> => {
    const answer = await call('backup.verify', { name: point.plan, pointId: point.id });
    setJobId(answer.ok ? answer.value.jobId : null);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <>
      {error && <ErrorNotice error={error} />}
      {job && job.endedAt === null && <JobProgressView job={job} />}
      {(!job || job.endedAt !== null) && (
        <Button onClick={() => void verify()}>{t('backups:point.verify')}</Button>
      )}
    </>
  );
}
