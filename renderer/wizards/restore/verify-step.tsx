import type { Evidence, RestoreState } from '#shared/contract/restore.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { JobProgressView } from '../../components/job-progress-view.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useJob } from '../../stores/jobs.ts';
import { PathText } from '../path-text.tsx';
import { RetryButton, UndoLink } from './after-restore.tsx';
import { AppCheckResult } from './app-check-result.tsx';

/** Every restored file is read back and compared; then what came of it. */
export function VerifyStep({ restore }: { readonly restore: RestoreState }) {
  const { t } = useTranslation();
  const job = useJob(restore.jobId);
  if (restore.state === 'verifying') {
    return (
      <>
        <p role="status">{t('recovery:wizard.verify.running')}</p>
        {job && <JobProgressView job={job} />}
      </>
    );
  }
  return (
    <>
      <VerifyResult restoreId={restore.id} />
      <UndoLink restore={restore} />
    </>
  );
}

function VerifyResult({ restoreId }: { readonly restoreId: string }) {
  const { t } = useTranslation();
  const request = useRequest('restore.evidence', { restoreId });
  return (
    <RequestView request={request} rows={4}>
      {({ evidence }) =>
        evidence === null ? (
          <p className="soft">{t('recovery:wizard.evidence.none')}</p>
        ) : (
          <>
            <StateBadge
              state={evidence.failures.length === 0 ? 'ok' : 'warning'}
              word={t('recovery:wizard.verify.ok', { count: evidence.verified.toLocaleString('en-US') })}
            />
            {evidence.appCheck && <AppCheckResult result={evidence.appCheck} />}
            {evidence.failures.length > 0 && <Failures failures={evidence.failures} />}
            {evidence.outcome === 'with_failures' && <RetryButton restoreId={restoreId} />}
          </>
        )
      }
    </RequestView>
  );
}

type Failure = Evidence['failures'][number];

/** The files that did not come back, each with its reason. */
export function Failures({ failures }: { readonly failures: readonly Failure[] }) {
  const { t } = useTranslation();
  const text = useText();
  const columns: readonly Column<Failure>[] = [
    {
      id: 'path',
      title: t('recovery:wizard.verify.path'),
      width: 360,
      text: (failure) => failure.path,
      render: (failure) => <PathText path={failure.path} />,
    },
    {
      id: 'why',
      title: t('recovery:wizard.verify.why'),
      width: 420,
      text: (failure) => text(failure.error.message),
    },
  ];
  return (
    <>
      <StateBadge
        state="critical"
        word={t('recovery:wizard.verify.bad', { count: failures.length.toLocaleString('en-US') })}
      />
      <p>{t('recovery:wizard.verify.failuresHint')}</p>
      <DataTable
        id="restore-failures"
        label={t('recovery:wizard.verify.failures')}
        columns={columns}
        rows={failures}
        rowKey={(failure) => failure.path}
        maxHeight={260}
        empty={null}
      />
    </>
  );
}
