import { useState } from 'react';
import type { ListedPoint } from '#shared/contract/backup.ts';
import type { BackupRun } from '#shared/contract/backup-schedule.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { absoluteText, durationText } from '../../../components/time.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { RunReportView } from '../run-report.tsx';
import { StepsOfRun } from '../run-steps.tsx';
import type { PlanTabProps } from './plan-tabs.ts';

const shapes: Readonly<Record<BackupRun['state'], StateName>> = {
  running: 'info',
  done: 'ok',
  failed: 'critical',
  cancelled: 'unknown',
  interrupted: 'warning',
};

type Row = { readonly run: BackupRun; readonly point: ListedPoint | undefined };

/** Every run of the plan, however it ended; one that made a point has its report. */
export function RunsTab({ name, points }: PlanTabProps) {
  const { t } = useTranslation();
  const request = useRequest('backup.runs.list', { plan: name });
  useEvent('backup.changed', request.reload);
  const [open, setOpen] = useState<Row | null>(null);
  const columns = useColumns();
  return (
    <Panel title={t('plans:runs.title')}>
      <RequestView request={request} rows={6}>
        {({ runs, total }) => (
          <DataTable
            id="plan-runs"
            label={t('plans:runs.label', { plan: name })}
            columns={columns}
            rows={runs.map((run): Row => ({ run, point: points.find(({ id }) => id === run.pointId) }))}
            rowKey={({ run }) => run.pointId}
            total={total}
            onOpen={setOpen}
            maxHeight={480}
            empty={<EmptyState title={t('plans:runs.none')} />}
          />
        )}
      </RequestView>
      {open && (
        <Overlay
          kind="drawer"
          title={t('plans:runs.reportOf', { time: absoluteText(open.run.startedAt) })}
          onClose={() => setOpen(null)}
        >
          {open.run.error && <ErrorNotice error={open.run.error} />}
          {open.point && <RunReportView point={open.point} />}
          {!open.point && <StepsOfRun plan={name} pointId={open.run.pointId} />}
          {!open.point && open.run.state === 'done' && <p>{t('plans:runs.gone')}</p>}
        </Overlay>
      )}
    </Panel>
  );
}

function useColumns(): readonly Column<Row>[] {
  const { t } = useTranslation();
  const text = useText();
  const count = (value: number | undefined): string =>
    value === undefined ? '' : value.toLocaleString('en-US');
  return [
    {
      id: 'state',
      title: t('plans:runs.state'),
      width: 90,
      text: ({ run }) => t(`plans:runs.states.${run.state}`),
      render: ({ run }) => (
        <StateBadge state={shapes[run.state]} word={t(`plans:runs.states.${run.state}`)} />
      ),
      sortBy: ({ run }) => run.state,
    },
    {
      id: 'at',
      title: t('plans:runs.at'),
      width: 160,
      text: ({ run }) => absoluteText(run.startedAt),
      sortBy: ({ run }) => run.startedAt,
    },
    {
      id: 'took',
      title: t('plans:runs.took'),
      width: 85,
      align: 'right',
      text: ({ run }) => (run.finishedAt === null ? '' : durationText(t, run.finishedAt - run.startedAt)),
      sortBy: ({ run }) => (run.finishedAt ?? run.startedAt) - run.startedAt,
    },
    {
      id: 'type',
      title: t('plans:runs.type'),
      width: 90,
      text: ({ run }) => t(`backups:type.${run.type}`),
      sortBy: ({ run }) => run.type,
    },
    {
      id: 'trigger',
      title: t('plans:runs.trigger'),
      width: 90,
      text: ({ run }) => t(`plans:runs.triggers.${run.trigger}`),
      sortBy: ({ run }) => run.trigger,
    },
    {
      id: 'kept',
      title: t('plans:runs.kept'),
      width: 90,
      align: 'right',
      text: ({ point }) => count(point?.report.files),
      sortBy: ({ point }) => point?.report.files ?? -1,
    },
    {
      id: 'stored',
      title: t('backups:points.stored'),
      width: 95,
      align: 'right',
      text: ({ point }) => (point === undefined ? '' : formatBytes(point.report.storedBytes)),
      sortBy: ({ point }) => point?.report.storedBytes ?? -1,
    },
    {
      id: 'skipped',
      title: t('plans:runs.skipped'),
      width: 80,
      align: 'right',
      text: ({ point }) => count(point?.report.skippedTotal),
      sortBy: ({ point }) => point?.report.skippedTotal ?? -1,
    },
    {
      id: 'excluded',
      title: t('plans:runs.excluded'),
      width: 80,
      align: 'right',
      text: ({ point }) => count(point?.report.excluded),
      sortBy: ({ point }) => point?.report.excluded ?? -1,
    },
    {
      id: 'why',
      title: t('plans:runs.why'),
      width: 260,
      text: ({ run, point }) =>
        run.error === null ? (point?.report.reasons ?? []).map(text).join(' ') : text(run.error.message),
      render: ({ run, point }) => (
        <span data-verbatim>
          {run.error === null ? (point?.report.reasons ?? []).map(text).join(' ') : text(run.error.message)}
        </span>
      ),
    },
  ];
}
