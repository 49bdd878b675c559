import { useState } from 'react';
import type { Maintenance } from '#shared/contract/notify-silences.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { absoluteText, durationText } from '../../../components/time.ts';
import { useNow } from '../../../components/use-now.ts';
import { useCall } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { formatMatchers } from '../alert-address.ts';
import { scheduleSentence } from './schedule-text.ts';

/** Every maintenance: what, when, whether it is on now or when next. */
export function MaintenanceTable({
  maintenances,
  found,
  onEdit,
  onChanged,
}: {
  readonly maintenances: readonly Maintenance[];
  /** The one that the address names. */
  readonly found: string | null;
  readonly onEdit: (maintenance: Maintenance) => void;
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const now = useNow(15_000);
  const [asked, setAsked] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const remove = async (id: string): Promise<void> => {
    const answer = await call('notify.maintenance.remove', { id });
    setError(answer.ok ? null : answer.error);
    setAsked(null);
    if (answer.ok) onChanged();
  };
  const standing = (one: Maintenance): string => {
    if (!one.enabled) return t('alerts:maintenance.off');
    if (one.now) return t('alerts:maintenance.on', { time: durationText(t, Math.max(0, one.now.to - now)) });
    if (one.next) return t('alerts:maintenance.next', { time: absoluteText(one.next.from).slice(0, 16) });
    return t('alerts:maintenance.over');
  };
  const columns: readonly Column<Maintenance>[] = [
    {
      id: 'standing',
      title: t('alerts:column.state'),
      width: 200,
      text: standing,
      sortBy: (one) => (one.now ? 0 : (one.next?.from ?? Number.MAX_SAFE_INTEGER)),
    },
    {
      id: 'name',
      title: t('alerts:maintenance.name'),
      width: 170,
      text: ({ name }) => name,
      sortBy: ({ name }) => name,
    },
    {
      id: 'schedule',
      title: t('alerts:maintenance.when'),
      width: 250,
      text: ({ schedule }) => scheduleSentence(t, schedule, text),
    },
    {
      id: 'matchers',
      title: t('alerts:matchers.legend'),
      width: 230,
      text: ({ matchers }) => formatMatchers(matchers),
      render: ({ matchers }) => <code title={formatMatchers(matchers)}>{formatMatchers(matchers)}</code>,
    },
    {
      id: 'hides',
      title: t('alerts:silence.hidesNow'),
      width: 80,
      align: 'right',
      text: ({ hides }) => String(hides),
    },
    {
      id: 'actions',
      title: t('alerts:column.actions'),
      width: 190,
      text: () => '',
      render: (one) =>
        asked === one.id ? (
          <span className="row nowrap">
            <Button kind="quiet" onClick={() => setAsked(null)}>
              {t('alerts:maintenance.keep')}
            </Button>
            <Button kind="danger" onClick={() => void remove(one.id)}>
              {t('alerts:maintenance.removeYes')}
            </Button>
          </span>
        ) : (
          <span className="row nowrap">
            <Button kind="quiet" onClick={() => onEdit(one)}>
              {t('alerts:edit')}
            </Button>
            <Button kind="quiet" onClick={() => setAsked(one.id)}>
              {t('common:action.remove')}
            </Button>
          </span>
        ),
    },
  ];
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <DataTable
        id="maintenances"
        label={t('alerts:maintenance.title')}
        columns={columns}
        rows={maintenances}
        rowKey={({ id }) => id}
        rowClass={({ id }) => (id === found ? 'row-found' : undefined)}
        defaultSort={{ column: 'standing', descending: false }}
        onOpen={onEdit}
        maxHeight={260}
        bare={maintenances.length < 8}
        empty={<EmptyState title={t('alerts:maintenance.none')} body={t('alerts:maintenance.noneBody')} />}
      />
    </>
  );
}
