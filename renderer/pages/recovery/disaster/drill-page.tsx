import { Link, useParams } from 'react-router';
import { JobProgressView } from '../../../components/job-progress-view.tsx';
import { PageHeader, Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PdfButton } from '../../../print/pdf-button.tsx';
import { useJobs } from '../../../stores/jobs.ts';
import { DrillReport } from './drill-report.tsx';

/** One drill: how far it is, and afterwards its report. */
export function DrillPage() {
  const { t } = useTranslation();
  const { drillId = '' } = useParams();
  const request = useRequest('recovery.drills.get', { id: drillId }, { subject: drillId });
  useEvent('recovery.changed', request.reload);
  const job = useJobs((state) => state.jobs.find(({ id }) => id === request.data?.jobId));
  return (
    <div className="page stack">
      <PageHeader
        title={t('recovery:disaster.drills.title')}
        summary={<Link to="/recovery?tab=drills">{t('recovery:disaster.drills.back')}</Link>}
        actions={
          request.data &&
          request.data.state !== 'running' && (
            <PdfButton
              kind="drill"
              id={drillId}
              name={`drill-${request.data.plan}-${new Date(request.data.startedAt).toISOString().slice(0, 10)}`}
            />
          )
        }
      />
      {job && job.endedAt === null && <JobProgressView job={job} />}
      <Panel>
        <RequestView request={request} rows={10}>
          {(drill) => <DrillReport drill={drill} />}
        </RequestView>
      </Panel>
    </div>
  );
}
