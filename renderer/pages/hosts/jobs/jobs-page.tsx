import { useSearchParams } from 'react-router';
import type { ScrapeJobView } from '#shared/contract/scrape-jobs.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Count, Duration } from '../../../components/figures.tsx';
import { PageHeader, Panel } from '../../../components/page-header.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DiscoveryFiles } from './discovery-files.tsx';
import { JobEditor } from './job-editor.tsx';
import { LIMITS, YAML } from './limits.ts';
import { UnreadableJobNotice } from './unreadable-job.tsx';

/** Scrape jobs of imported files: the files that list their targets, and their rules and limits. */
export function JobsPage() {
  const { t } = useTranslation();
  const call = useCall();
  const jobs = useRequest('hosts.jobs.list', {}, { refreshMs: 30_000 });
  const reading = useSaving(jobs.reload);
  const [params, setParams] = useSearchParams();
  useEvent('hosts.jobs.changed', jobs.reload);
  const chosen = params.get('job');
  return (
    <div className="page">
      <PageLink className="back-link" to="/hosts">
        ← {t('ssh:back')}
      </PageLink>
      <PageHeader
        title={t('jobs:title')}
        summary={t('jobs:body')}
        actions={
          <>
            <Button disabled={reading.busy} onClick={() => void reading.run(call('hosts.jobs.read', {}))}>
              {t('jobs:readNow')}
            </Button>
            <PageLink className="btn" to="/hosts/import">
              {t('hosts:import')}
            </PageLink>
          </>
        }
      />
      {reading.error && <ErrorNotice error={reading.error} />}
      <RequestView request={jobs} rows={6}>
        {(data) => {
          const view = data.jobs.find(({ job }) => job.settings.job === chosen);
          if (data.jobs.length + data.unreadable.length === 0)
            return <EmptyState title={t('jobs:none')} body={t('jobs:noneBody')} />;
          return (
            <>
              {data.unreadable.map((one) => (
                <UnreadableJobNotice key={one.name} unreadable={one} onRemoved={jobs.reload} />
              ))}
              <DiscoveryFiles files={data.jobs.flatMap(({ files }) => files)} />
              <JobTable jobs={data.jobs} chosen={chosen} />
              {view && (
                <JobEditor
                  key={view.job.settings.job}
                  view={view}
                  onSaved={jobs.reload}
                  onClose={() => setParams({}, { replace: true })}
                />
              )}
            </>
          );
        }}
      </RequestView>
    </div>
  );
}

function JobTable({
  jobs,
  chosen,
}: {
  readonly jobs: readonly ScrapeJobView[];
  readonly chosen: string | null;
}) {
  const { t } = useTranslation();
  return (
    <Panel title={t('jobs:jobs', { count: jobs.length })}>
      <table className="plain-table" data-testid="jobs">
        <thead>
          <tr>
            <th scope="col">{t('jobs:job')}</th>
            <th scope="col" className="right">
              {t('jobs:targets')}
            </th>
            <th scope="col" className="right">
              {t('jobs:gone')}
            </th>
            <th scope="col" className="right">
              {t('hosts:target.interval')}
            </th>
            <th scope="col" className="right">
              {t('jobs:relabelRules')}
            </th>
            <th scope="col" className="right">
              {t('jobs:metricRules')}
            </th>
            <th scope="col">{t('jobs:limits')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {jobs.map(({ job, targets, gone }) => {
            const { settings } = job;
            const limited = LIMITS.filter((name) => settings[name] > 0);
            return (
              <tr key={settings.job} aria-current={settings.job === chosen ? 'true' : undefined}>
                <td>{settings.job}</td>
                <td className="right">
                  <Count value={targets} />
                </td>
                <td className="right">
                  <Count value={gone} />
                </td>
                <td className="right">
                  <Duration ms={settings.intervalMs} />
                </td>
                <td className="right figure">{job.relabel.length}</td>
                <td className="right figure">{settings.metricRelabel.length}</td>
                <td className="mono small">
                  {limited.map((name) => `${YAML[name]} ${settings[name]}`).join(', ')}
                </td>
                <td className="right">
                  <PageLink className="btn" to={`/hosts/jobs?job=${encodeURIComponent(settings.job)}`}>
                    {t('jobs:edit')}
                  </PageLink>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}
