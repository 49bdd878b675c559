import type { PruneRecord } from '#shared/contract/backup-retention.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** What was removed, when, and how it ended. */
export function HistoryPanel({ plan }: { readonly plan: string }) {
  const { t } = useTranslation();
  const text = useText();
  const request = useRequest('backup.retention.history', { name: plan }, { subject: plan });
  useEvent('backup.changed', request.reload);
  const columns: readonly Column<PruneRecord>[] = [
    {
      id: 'at',
      title: t('retention:history.at'),
      width: 160,
      text: ({ at }) => absoluteText(at),
      render: ({ at }) => <AbsoluteTime time={at} />,
      sortBy: ({ at }) => at,
    },
    {
      id: 'state',
      title: t('retention:history.state'),
      width: 110,
      text: ({ state }) => t(`retention:history.states.${state}`),
    },
    {
      id: 'points',
      title: t('retention:history.points'),
      width: 90,
      align: 'right',
      text: ({ points }) => points.toLocaleString('en-US'),
    },
    {
      id: 'bytes',
      title: t('retention:history.bytes'),
      width: 110,
      align: 'right',
      text: ({ bytes }) => formatBytes(bytes),
    },
    {
      id: 'error',
      title: t('retention:history.error'),
      width: 360,
      text: ({ error }) => (error === null ? '' : text(error.message)),
    },
  ];
  return (
    <Panel title={t('retention:history.title')}>
      <RequestView request={request} rows={2}>
        {({ prunes }) => (
          <DataTable
            id="prunes"
            label={t('retention:history.title')}
            columns={columns}
            rows={prunes}
            rowKey={({ id }) => id}
            maxHeight={220}
            empty={<p className="soft">{t('retention:history.none')}</p>}
            bare
          />
        )}
      </RequestView>
    </Panel>
  );
}
