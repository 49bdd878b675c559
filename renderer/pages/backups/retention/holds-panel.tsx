import type { LegalHold } from '#shared/contract/backup-retention.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useNow } from '../../../components/use-now.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { isActive, LiftHold } from './hold-button.tsx';

/** Legal holds of a plan: who, why, until when; those that ended stay listed. */
export function HoldsPanel({ plan }: { readonly plan: string }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const request = useRequest('backup.hold.list', { plan }, { subject: plan });
  useEvent('backup.changed', request.reload);
  const isHeld = (hold: LegalHold): boolean => isActive(hold, now);
  const columns: readonly Column<LegalHold>[] = [
    {
      id: 'state',
      title: t('retention:hold.state'),
      width: 80,
      text: (hold) => t(isHeld(hold) ? 'retention:hold.active' : 'retention:hold.ended'),
      sortBy: (hold) => (isHeld(hold) ? 0 : 1),
    },
    { id: 'point', title: t('retention:hold.point'), width: 90, text: ({ pointId }) => pointId.slice(0, 8) },
    { id: 'who', title: t('retention:statement.who'), width: 110, text: ({ who }) => who },
    { id: 'why', title: t('retention:statement.why'), width: 260, text: ({ why }) => why },
    {
      id: 'set',
      title: t('retention:hold.since'),
      width: 150,
      text: ({ setAt }) => absoluteText(setAt),
      render: ({ setAt }) => <AbsoluteTime time={setAt} />,
      sortBy: ({ setAt }) => setAt,
    },
    {
      id: 'until',
      title: t('retention:hold.until'),
      width: 150,
      text: ({ until }) => (until === null ? t('retention:hold.forever') : absoluteText(until)),
    },
    {
      id: 'lift',
      title: t('retention:hold.lift'),
      width: 100,
      text: () => '',
      render: (hold) => (isHeld(hold) ? <LiftHold hold={hold} /> : null),
    },
  ];
  return (
    <Panel title={t('retention:hold.title')}>
      <RequestView request={request} rows={2}>
        {({ holds }) => (
          <DataTable
            id="holds"
            label={t('retention:hold.title')}
            columns={columns}
            rows={holds}
            rowKey={({ id }) => String(id)}
            maxHeight={220}
            empty={<p className="soft">{t('retention:hold.none')}</p>}
            bare
          />
        )}
      </RequestView>
    </Panel>
  );
}
