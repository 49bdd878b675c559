import { useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Drill, DrillPlan, Stamp } from '#shared/contract/recovery-drills.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { JobProgressView } from '../../../components/job-progress-view.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { absoluteText, durationText } from '../../../components/time.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useJobs } from '../../../stores/jobs.ts';
import { DrillBadge, drillPath } from './drill-badge.tsx';
import { DrillSettings } from './drill-settings.tsx';
import { useSaveAction } from './save-action.ts';
import { DriftList, StampBadge } from './stamp-badge.tsx';

/** Each plan with its stamp and the button that rehearses it, and the drills that were made. */
export function DrillsTab() {
  const { t } = useTranslation();
  const rules = useRequest('recovery.drillPlans.list', {}, { refreshMs: 60_000 });
  const drills = useRequest('recovery.drills.list', {});
  const reload = (): void => {
    rules.reload();
    drills.reload();
  };
  useEvent('recovery.changed', reload);
  useEvent('backup.changed', rules.reload);
  return (
    <>
      <p className="soft">{t('recovery:disaster.drills.intro')}</p>
      <RequestView request={rules} rows={3}>
        {({ plans, stamps }) =>
          stamps.length === 0 ? (
            <EmptyState
              title={t('recovery:disaster.drills.noPlans')}
              action={
                <Link className="btn btn-primary" to="/backups/plans/new">
                  {t('recovery:disaster.objectives.toPlans')}
                </Link>
              }
            />
          ) : (
            <div className="stack">
              {stamps.map((stamp) => (
                <DrillCard
                  key={stamp.plan}
                  stamp={stamp}
                  rule={plans.find(({ plan }) => plan === stamp.plan) ?? null}
                  running={drills.data?.drills.find(
                    (drill) => drill.plan === stamp.plan && drill.state === 'running',
                  )}
                />
              ))}
            </div>
          )
        }
      </RequestView>
      <Panel title={t('recovery:disaster.drills.past')}>
        <RequestView request={drills} rows={4}>
          {(answer) => <DrillsTable drills={answer.drills} total={answer.total} />}
        </RequestView>
      </Panel>
    </>
  );
}

function DrillCard({
  stamp,
  rule,
  running,
}: {
  readonly stamp: Stamp;
  readonly rule: DrillPlan | null;
  readonly running: Drill | undefined;
}) {
  const { t } = useTranslation();
  const start = useSaveAction();
  const [isSetting, setSetting] = useState(false);
  const job = useJobs((state) => state.jobs.find(({ id }) => id === running?.jobId));
  return (
    <section className="panel" data-testid="drill-card" data-plan={stamp.plan} data-state={stamp.state}>
      <div className="row">
        <strong>{stamp.plan}</strong>
        <StampBadge stamp={stamp} />
        <span className="spacer" />
        <Button onClick={() => setSetting(true)}>{t('recovery:disaster.drills.settings')}</Button>
        <Button
          kind="primary"
          disabled={start.busy || running !== undefined}
          onClick={() => void start.run('recovery.drills.run', { plan: stamp.plan })}
        >
          {t(running === undefined ? 'recovery:disaster.drills.now' : 'recovery:disaster.drills.running')}
        </Button>
      </div>
      <DriftList stamp={stamp} />
      {stamp.nextRunAt !== null && (
        <div className="soft small">
          {t('recovery:disaster.drills.next', { times: absoluteText(stamp.nextRunAt) })}
        </div>
      )}
      {job && <JobProgressView job={job} />}
      {start.error && <ErrorNotice error={start.error} />}
      {isSetting && <DrillSettings plan={stamp.plan} rule={rule} onClose={() => setSetting(false)} />}
    </section>
  );
}

function DrillsTable({ drills, total }: { readonly drills: readonly Drill[]; readonly total: number }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useMemo(
    (): readonly Column<Drill>[] => [
      {
        id: 'outcome',
        title: t('recovery:disaster.drills.outcome'),
        width: 120,
        text: ({ state }) => t(`recovery:disaster.drills.state.${state}`),
        render: (drill) => <DrillBadge state={drill.state} />,
      },
      {
        id: 'plan',
        title: t('recovery:disaster.drills.plan'),
        width: 140,
        text: ({ plan }) => plan,
        sortBy: ({ plan }) => plan,
        render: (drill) => <Link to={drillPath(drill.id)}>{drill.plan}</Link>,
      },
      {
        id: 'started',
        title: t('recovery:disaster.drills.started'),
        width: 170,
        text: ({ startedAt }) => absoluteText(startedAt),
        sortBy: ({ startedAt }) => startedAt,
      },
      {
        id: 'took',
        title: t('recovery:disaster.drills.took'),
        width: 110,
        align: 'right',
        text: ({ durationMs }) => (durationMs === null ? '' : durationText(t, durationMs)),
        sortBy: ({ durationMs }) => durationMs ?? 0,
      },
      {
        id: 'files',
        title: t('recovery:disaster.drills.files'),
        width: 100,
        align: 'right',
        text: ({ verified }) => verified.toLocaleString('en-US'),
        sortBy: ({ verified }) => verified,
      },
      {
        id: 'by',
        title: t('recovery:disaster.drills.by'),
        width: 160,
        text: ({ by, trigger }) => `${by} · ${t(`recovery:disaster.drills.trigger.${trigger}`)}`,
      },
    ],
    [t],
  );
  return (
    <DataTable
      id="drills"
      label={t('recovery:disaster.drills.past')}
      columns={columns}
      rows={drills}
      total={total}
      rowKey={({ id }) => id}
      onOpen={({ id }) => void navigate(drillPath(id))}
      maxHeight={320}
      empty={
        <EmptyState
          title={t('recovery:disaster.drills.none')}
          body={t('recovery:disaster.drills.noneBody')}
        />
      }
    />
  );
}
