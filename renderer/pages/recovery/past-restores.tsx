import { useMemo } from 'react';
import { Link, useNavigate } from 'react-router';
import type { RestoreState } from '#shared/contract/restore.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { absoluteText, durationText } from '../../components/time.ts';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { OutcomeBadge } from '../../wizards/restore/evidence-document.tsx';
import { placeText } from '../../wizards/restore/place-text.ts';
import { safetyColumn } from './restores/safety-column.tsx';
import { restorePath } from './unfinished.tsx';

/** The address of a restore's evidence. */
function evidencePath(restore: RestoreState): string {
  return `${restorePath(restore.id)}?step=evidence`;
}

/** Restores that came to an end, newest first, each with its evidence. */
export function PastRestores({ restores }: { readonly restores: readonly RestoreState[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useMemo(
    (): readonly Column<RestoreState>[] => [
      {
        id: 'outcome',
        title: t('recovery:past.outcome'),
        width: 150,
        text: (restore) => t(`recovery:state.${restore.state}`),
        render: (restore) => <Outcome restore={restore} />,
      },
      {
        id: 'plan',
        title: t('recovery:past.plan'),
        width: 100,
        text: (restore) => restore.plan.planName,
        sortBy: (restore) => restore.plan.planName,
      },
      safetyColumn(t),
      {
        id: 'what',
        title: t('recovery:past.what'),
        width: 100,
        text: ({ plan }) =>
          plan.selection.length === 0
            ? t('recovery:past.everything')
            : plan.selection.length === 1
              ? (plan.selection[0] ?? '')
              : t('recovery:past.paths', { count: plan.selection.length }),
      },
      {
        id: 'point',
        title: t('recovery:past.point'),
        width: 155,
        text: (restore) => absoluteText(restore.plan.pointAt),
        sortBy: (restore) => restore.plan.pointAt,
      },
      {
        id: 'target',
        title: t('recovery:past.target'),
        width: 110,
        text: ({ plan }) => (plan.original ? t('recovery:wizard.chosen.original') : placeText(plan)),
      },
      {
        id: 'started',
        title: t('recovery:past.started'),
        width: 155,
        text: (restore) => (restore.startedAt === null ? '' : absoluteText(restore.startedAt)),
        sortBy: (restore) => restore.startedAt ?? 0,
      },
      {
        id: 'took',
        title: t('recovery:past.took'),
        width: 75,
        align: 'right',
        text: ({ startedAt, finishedAt }) =>
          startedAt === null || finishedAt === null ? '' : durationText(t, finishedAt - startedAt),
        sortBy: ({ startedAt, finishedAt }) => (finishedAt ?? 0) - (startedAt ?? 0),
      },
      {
        id: 'evidence',
        title: t('recovery:past.evidence'),
        width: 80,
        text: () => '',
        render: (restore) => <Link to={evidencePath(restore)}>{t('recovery:past.open')}</Link>,
      },
    ],
    [t],
  );
  return (
    <DataTable
      id="past-restores"
      label={t('recovery:past.label')}
      columns={columns}
      rows={restores}
      rowKey={(restore) => restore.id}
      defaultSort={{ column: 'started', descending: true }}
      onOpen={(restore) => void navigate(evidencePath(restore))}
      maxHeight={300}
      empty={<EmptyState title={t('recovery:past.none')} body={t('recovery:past.noneBody')} />}
    />
  );
}

/** The outcome stands in the evidence; only the rows on the screen ask for it. */
function Outcome({ restore }: { readonly restore: RestoreState }) {
  const { t } = useTranslation();
  const request = useRequest('restore.evidence', { restoreId: restore.id });
  const evidence = request.data?.evidence;
  return evidence ? (
    <OutcomeBadge outcome={evidence.outcome} />
  ) : (
    <span>{t(`recovery:state.${restore.state}`)}</span>
  );
}
