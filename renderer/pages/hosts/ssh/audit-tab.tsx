import type { SshAuditEntry } from '#shared/contract/ssh.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useRequest } from '../../../components/use-request.ts';
import { type Translate, useTranslation } from '../../../locales/use-translation.ts';

/** Every command that ran, newest first. */
export function AuditTab() {
  const { t } = useTranslation();
  const audit = useRequest('ssh.audit', { limit: 1_000 }, { refreshMs: 10_000 });
  return (
    <Panel title={t('ssh:tab.audit')}>
      <RequestView request={audit} rows={8}>
        {({ entries, total }) => (
          <>
            <p className="soft small">{t('ssh:audit.of', { shown: entries.length, total })}</p>
            <DataTable
              id="ssh-audit"
              label={t('ssh:tab.audit')}
              columns={columnsOf(t)}
              rows={entries}
              rowKey={({ at, login, line }) => `${at} ${login} ${line}`}
              total={total}
              empty={<EmptyState title={t('ssh:audit.none')} />}
            />
          </>
        )}
      </RequestView>
    </Panel>
  );
}

function columnsOf(t: Translate): readonly Column<SshAuditEntry>[] {
  const result = ({ exitCode, endedAt, error }: SshAuditEntry): string =>
    error ?? (endedAt === null ? t('ssh:audit.running') : t('ssh:audit.exit', { code: exitCode ?? '?' }));
  return [
    {
      id: 'at',
      title: t('ssh:audit.at'),
      text: ({ at }) => absoluteText(at),
      sortBy: ({ at }) => at,
      width: 180,
    },
    {
      id: 'login',
      title: t('ssh:audit.login'),
      text: ({ login }) => login,
      sortBy: ({ login }) => login,
      width: 140,
    },
    {
      id: 'line',
      title: t('ssh:audit.line'),
      text: ({ line }) => line,
      render: ({ line }) => <code>{line}</code>,
      width: 380,
    },
    { id: 'result', title: t('ssh:audit.result'), text: result, width: 240 },
  ];
}
