import { useState } from 'react';
import type { Job, JobProgress } from '#shared/contract/jobs.ts';
import type { AppError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { Button } from './button.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { StateBadge, type StateName } from './state-badge.tsx';
import { durationText } from './time.ts';
import { useCall } from './use-request.ts';
import { useText } from './use-text.ts';

const shapeOfState: Readonly<Record<Job['state'], StateName>> = {
  running: 'info',
  paused: 'warning',
  done: 'ok',
  failed: 'critical',
  cancelled: 'unknown',
};

/** A long job: how far, how fast, how long yet, what is at hand; pause and cancel (asked once more). */
export function JobProgressView({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const act = async (name: 'jobs.pause' | 'jobs.resume' | 'jobs.cancel'): Promise<void> => {
    const result = await call(name, { id: job.id });
    setError(result.ok ? null : result.error);
    setAsking(false);
  };
  const active = job.state === 'running' || job.state === 'paused';
  return (
    <div className="job" data-testid="job" data-job-state={job.state}>
      <div className="job-head">
        <strong>{text(job.title)}</strong>
        <StateBadge state={shapeOfState[job.state]} word={t(`common:job.${job.state}`)} />
        {job.endedAt !== null && (
          <span className="soft">
            {t('common:job.elapsed', { time: durationText(t, job.endedAt - job.startedAt) })}
          </span>
        )}
      </div>
      {active && job.progress && <ProgressLines progress={job.progress} />}
      {job.error && <ErrorNotice error={job.error} />}
      {error && <ErrorNotice error={error} />}
      {active && !asking && (
        <div className="row">
          {job.canPause && job.state === 'running' && (
            <Button onClick={() => void act('jobs.pause')}>{t('common:action.pause')}</Button>
          )}
          {job.state === 'paused' && (
            <Button onClick={() => void act('jobs.resume')}>{t('common:action.resume')}</Button>
          )}
          <Button onClick={() => setAsking(true)}>{t('common:action.cancel')}</Button>
        </div>
      )}
      {active && asking && (
        <div className="notice notice-warning" role="alertdialog" aria-label={t('common:job.cancel')}>
          <div className="notice-body">{t('common:job.cancelAsk', { title: text(job.title) })}</div>
          <div className="row">
            <Button autoFocus onClick={() => setAsking(false)}>
              {t('common:job.cancelNo')}
            </Button>
            <Button kind="danger" onClick={() => void act('jobs.cancel')}>
              {t('common:job.cancelYes')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

/** The bar and the figures of a progress. */
export function ProgressLines({ progress }: { readonly progress: JobProgress }) {
  const { t } = useTranslation();
  const text = useText();
  const amount = (value: number): string => {
    if (progress.unit === 'bytes') return formatBytes(value);
    const count = Math.round(value).toLocaleString('en-US');
    if (progress.unit === 'files') return t('common:job.files', { count });
    return t(progress.unit === 'series' ? 'common:job.seriesUnit' : 'common:job.linesUnit', { count });
  };
  return (
    <>
      <ProgressBar done={progress.done} total={progress.total} label={t('common:job.progress')} />
      <div className="job-figures figure">
        <span>{text(progress.phase)}</span>
        <span>
          {progress.total === null
            ? amount(progress.done)
            : t('common:job.of', { done: amount(progress.done), total: amount(progress.total) })}
        </span>
        <span>{t('common:job.rate', { rate: amount(progress.rate) })}</span>
        <span>
          {progress.etaMs === null
            ? t('common:job.etaUnknown')
            : t('common:job.eta', { time: durationText(t, progress.etaMs) })}
        </span>
        {progress.unit !== 'files' && (
          <span>{t('common:job.files', { count: progress.filesDone.toLocaleString('en-US') })}</span>
        )}
      </div>
      {progress.current && (
        <div className="job-current soft" title={progress.current}>
          {t('common:job.current', { item: progress.current })}
        </div>
      )}
    </>
  );
}
