import { useNavigate } from 'react-router';
import { Button } from '../components/button.tsx';
import { Overlay } from '../components/drawer.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { JobProgressView } from '../components/job-progress-view.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import { useJobs } from '../stores/jobs.ts';
import { closeFloating } from './floating-store.ts';

/** Running and ended jobs, with what can be done about them. */
export function JobDrawer() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const jobs = useJobs((state) => state.jobs);
  return (
    <Overlay title={t('common:job.title')} onClose={closeFloating}>
      {jobs.length === 0 ? (
        <EmptyState title={t('common:job.none')} body={t('common:job.noneBody')} />
      ) : (
        jobs.slice(0, 50).map((job) => (
          <div key={job.id} className="job-item">
            <JobProgressView job={job} />
            {job.link && (
              <Button
                kind="quiet"
                onClick={() => {
                  closeFloating();
                  void navigate(job.link);
                }}
              >
                {t('common:job.view')}
              </Button>
            )}
          </div>
        ))
      )}
    </Overlay>
  );
}
