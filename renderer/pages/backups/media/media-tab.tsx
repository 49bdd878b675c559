import { useState } from 'react';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { JobProgressView } from '../../../components/job-progress-view.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateShape } from '../../../components/state-badge.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useJobs } from '../../../stores/jobs.ts';
import { LabelDialog } from './label-dialog.tsx';
import { MediaTable } from './media-table.tsx';
import { MediumDrawer } from './medium-drawer.tsx';
import { PoolPanel } from './pool-panel.tsx';

/** Media come and go without anybody telling the window; the engine looks when it is asked. */
const LOOK_EVERY_MS = 15_000;
/** Copies that ended within this time are still shown. */
const RECENT_MS = 300_000;

/** The view 介质 of the page 备份: what to insert now, all media, the rotation calendar of each pool. */
export function MediaTab() {
  const { t, i18n } = useTranslation();
  const request = useRequest('backup.media.list', {}, { refreshMs: LOOK_EVERY_MS });
  useEvent('backup.media.changed', request.reload);
  // A new point may wait for a medium.
  useEvent('backup.changed', request.reload);
  const jobs = useJobs((state) => state.jobs);
  const now = useNow(60_000);
  const [labelling, setLabelling] = useState<string | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const language = i18n.language.startsWith('zh') ? 'zh' : 'en';
  const copying = jobs.filter(
    (job) =>
      (job.kind === 'copy' || job.link === '/backups?tab=media') &&
      (job.endedAt === null || now - job.endedAt < RECENT_MS),
  );
  const medium = request.data?.media.find(({ id }) => id === opened);
  return (
    <div className="stack" data-testid="media">
      {copying.slice(0, 3).map((job) => (
        <Panel key={job.id}>
          <JobProgressView job={job} />
        </Panel>
      ))}
      <RequestView request={request} rows={5}>
        {({ media, pools, insertNow, unlabelled }) => (
          <>
            {insertNow.map((wish) => (
              <Panel key={wish.pool} title={t('media:insert')} className="media-insert">
                <p className="row" data-testid="insert-now">
                  <StateShape state="warning" />
                  <strong>{wish.sentence[language]}</strong>
                </p>
              </Panel>
            ))}
            {media.length === 0 ? (
              <EmptyState
                title={t('media:none.title')}
                body={t('media:none.body')}
                action={
                  <Button kind="primary" onClick={() => setLabelling('')}>
                    {t('media:label')}
                  </Button>
                }
              />
            ) : (
              <Panel
                title={t('media:list')}
                extra={<Button onClick={() => setLabelling('')}>{t('media:label')}</Button>}
              >
                <MediaTable media={media} onOpen={setOpened} />
              </Panel>
            )}
            {unlabelled.map(({ root, totalBytes }) => (
              <div key={root} className="row">
                <span className="soft">{t('media:unlabelled', { root, size: formatBytes(totalBytes) })}</span>
                <Button kind="quiet" onClick={() => setLabelling(root)}>
                  {t('media:labelIt')}
                </Button>
              </div>
            ))}
            {pools
              .filter(({ calendar }) => calendar.length > 0)
              .map((pool) => (
                <PoolPanel key={pool.name} pool={pool} language={language} onChanged={request.reload} />
              ))}
          </>
        )}
      </RequestView>
      {labelling !== null && (
        <LabelDialog root={labelling} onClose={() => setLabelling(null)} onDone={request.reload} />
      )}
      {medium && <MediumDrawer medium={medium} onClose={() => setOpened(null)} onChanged={request.reload} />}
    </div>
  );
}
