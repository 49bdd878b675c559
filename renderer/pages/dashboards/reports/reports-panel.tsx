import { useState } from 'react';
import type { DashboardReport } from '#shared/contract/dashboard-reports.ts';
import type { DashboardSummary } from '#shared/contract/dashboards.ts';
import type { RequestOutput } from '#shared/contract/index.ts';
import { cronText } from '#shared/domain/schedule/cron-sentence.ts';
import type { AppError, Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ReportDialog } from './report-dialog.tsx';

type Listed = RequestOutput<'dashboards.reports.list'>['reports'][number];

/** Dashboards that are saved as PDF at set times: what is due next, what the last run came to. */
export function ReportsPanel({ dashboards }: { readonly dashboards: readonly DashboardSummary[] }) {
  const { t } = useTranslation();
  const request = useRequest('dashboards.reports.list', {});
  const { reload } = request;
  useEvent('dashboards.reports.changed', reload);
  const [edited, setEdited] = useState<DashboardReport | 'new' | null>(null);
  return (
    <Panel
      title={t('reports:title')}
      extra={<Button onClick={() => setEdited('new')}>{t('reports:add')}</Button>}
    >
      <RequestView request={request} rows={2}>
        {({ reports, canRender }) => (
          <div className="stack">
            {reports.length === 0 && <p className="soft">{t('reports:none')}</p>}
            {reports.length > 0 && !canRender && <p className="soft">{t('reports:noWindow')}</p>}
            {reports.map((listed) => (
              <ReportLine
                key={listed.report.id}
                listed={listed}
                onEdit={() => setEdited(listed.report)}
                onChanged={reload}
              />
            ))}
          </div>
        )}
      </RequestView>
      {edited !== null && (
        <ReportDialog
          report={edited === 'new' ? null : edited}
          dashboards={dashboards}
          onSaved={reload}
          onClose={() => setEdited(null)}
        />
      )}
    </Panel>
  );
}

const STATES: Readonly<Record<NonNullable<Listed['last']>['state'], StateName>> = {
  running: 'unknown',
  done: 'ok',
  failed: 'critical',
  interrupted: 'warning',
};

type ReportLineProps = {
  readonly listed: Listed;
  readonly onEdit: () => void;
  readonly onChanged: () => void;
};

function ReportLine({ listed, onEdit, onChanged }: ReportLineProps) {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const { report, nextAt, last } = listed;
  const { id, name } = report;
  const told = (answer: Result<unknown>): void => {
    setError(answer.ok ? null : answer.error);
    onChanged();
  };
  return (
    <section className="stack-small" aria-label={name}>
      <div className="row">
        <strong>{name}</strong>
        <span className="soft">
          {text(cronText(report.cron))}
          {' · '}
          {nextAt === null ? t('reports:never') : t('reports:next', { time: absoluteText(nextAt) })}
        </span>
        <span className="spacer" />
        <Button
          aria-label={`${name}: ${t('reports:run')}`}
          disabled={last?.state === 'running'}
          onClick={() => void call('dashboards.reports.run', { id }).then(told)}
        >
          {t('reports:run')}
        </Button>
        <Button kind="quiet" aria-label={`${name}: ${t('reports:edit')}`} onClick={onEdit}>
          {t('reports:edit')}
        </Button>
        <Button
          kind="quiet"
          aria-label={`${name}: ${t('common:action.remove')}`}
          onClick={() => void call('dashboards.reports.remove', { id }).then(told)}
        >
          {t('common:action.remove')}
        </Button>
      </div>
      {last !== null && (
        <div className="row small">
          <StateBadge state={STATES[last.state]} word={t(`reports:state.${last.state}`)} />
          <span className="soft">{absoluteText(last.startedAt)}</span>
          {last.files.map(({ path, bytes }) => (
            <span key={path}>
              <span className="mono">{path}</span> <span className="soft">{formatBytes(bytes)}</span>
            </span>
          ))}
        </div>
      )}
      {last?.error && <ErrorNotice error={last.error} />}
      {error && <ErrorNotice error={error} />}
    </section>
  );
}
