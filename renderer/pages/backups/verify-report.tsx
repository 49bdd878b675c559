import type { RestorePoint, VerifyReport } from '#shared/contract/backup.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { PathText } from '../../wizards/path-text.tsx';

type Damaged = VerifyReport['damaged'][number];

/** What the last verification of a point found. */
export function VerifyReportView({ point }: { readonly point: RestorePoint }) {
  const { t } = useTranslation();
  const request = useRequest('backup.verifyReport', { pointId: point.id });
  useEvent('backup.changed', request.reload);
  return (
    <RequestView request={request} rows={1}>
      {({ report }) => {
        if (report === null) {
          const atRun = point.verifiedAt !== null && point.verifyError === null;
          return atRun ? (
            <StateBadge state="ok" word={t('backups:point.verifiedAtRun')} />
          ) : (
            <p className="soft">{t('backups:point.verifyNone')}</p>
          );
        }
        if (report.ok) {
          return (
            <StateBadge
              state="ok"
              word={t('backups:point.verifyOk', {
                files: report.files.toLocaleString('en-US'),
                bytes: formatBytes(report.bytes),
              })}
            />
          );
        }
        return <DamagedList damaged={report.damaged} />;
      }}
    </RequestView>
  );
}

function DamagedList({ damaged }: { readonly damaged: readonly Damaged[] }) {
  const { t } = useTranslation();
  const text = useText();
  const columns: readonly Column<Damaged>[] = [
    {
      id: 'path',
      title: t('backups:point.path'),
      width: 180,
      text: (entry) => entry.path,
      render: (entry) => <PathText path={entry.path} />,
    },
    {
      id: 'frame',
      title: t('backups:point.frame'),
      width: 64,
      align: 'right',
      text: (entry) => (entry.frame === null ? '—' : String(entry.frame)),
    },
    { id: 'why', title: t('backups:point.why'), width: 180, text: (entry) => text(entry.error.message) },
  ];
  return (
    <>
      <StateBadge state="critical" word={t('backups:point.verifyBad', { count: damaged.length })} />
      <DataTable
        id="damaged"
        label={t('backups:point.verifyBad', { count: damaged.length })}
        columns={columns}
        rows={damaged}
        rowKey={(entry) => `${entry.path} ${entry.frame}`}
        maxHeight={200}
        empty={null}
      />
    </>
  );
}
