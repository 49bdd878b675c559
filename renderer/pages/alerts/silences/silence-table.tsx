import { useState } from 'react';
import type { Silence } from '#shared/contract/notify-silences.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { absoluteText, durationText } from '../../../components/time.ts';
import { useNow } from '../../../components/use-now.ts';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { formatMatchers } from '../alert-address.ts';
import { useOperator } from '../who.ts';

const RANK: Readonly<Record<Silence['state'], number>> = { active: 0, pending: 1, ended: 2 };

/** Silences with the time they have left. */
export function SilenceTable({
  silences,
  found,
  onEdit,
  onChanged,
}: {
  readonly silences: readonly Silence[];
  /** The one that the address names. */
  readonly found: string | null;
  readonly onEdit: (silence: Silence) => void;
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const now = useNow(15_000);
  const by = useOperator((state) => state.name);
  const [error, setError] = useState<AppError | null>(null);
  const expire = async (silence: Silence): Promise<void> => {
    const answer = await call('notify.silences.expire', { id: silence.id, ...(by === '' ? {} : { by }) });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onChanged();
  };
  /** What is left of it, or until it begins, or how it ended. */
  const left = (silence: Silence): string => {
    if (silence.state === 'pending')
      return t('alerts:silence.beginsIn', { time: durationText(t, silence.startsAt - now) });
    if (silence.state === 'active')
      return t('alerts:silence.left', { time: durationText(t, Math.max(0, silence.endsAt - now)) });
    return silence.expiredBy === null
      ? t('alerts:silence.ranOut')
      : t('alerts:silence.expiredBy', { name: silence.expiredBy });
  };
  const columns: readonly Column<Silence>[] = [
    {
      id: 'state',
      title: t('alerts:column.state'),
      width: 84,
      text: ({ state }) => t(`alerts:silence.state.${state}`),
      sortBy: ({ state }) => RANK[state],
    },
    {
      id: 'left',
      title: t('alerts:silence.timeLeft'),
      width: 130,
      text: left,
      sortBy: ({ endsAt }) => endsAt,
    },
    {
      id: 'matchers',
      title: t('alerts:matchers.legend'),
      width: 270,
      text: ({ matchers }) => formatMatchers(matchers),
      render: ({ matchers }) => <code title={formatMatchers(matchers)}>{formatMatchers(matchers)}</code>,
    },
    {
      id: 'hides',
      title: t('alerts:silence.hidesNow'),
      width: 80,
      align: 'right',
      text: ({ hides }) => String(hides),
      sortBy: ({ hides }) => hides,
    },
    { id: 'comment', title: t('alerts:silence.comment'), width: 170, text: ({ comment }) => comment },
    {
      id: 'by',
      title: t('alerts:by'),
      width: 90,
      text: ({ by: name }) => name,
      sortBy: ({ by: name }) => name,
    },
    {
      id: 'until',
      title: t('alerts:silence.end'),
      width: 140,
      text: ({ endsAt }) => absoluteText(endsAt).slice(0, 16),
      sortBy: ({ endsAt }) => endsAt,
    },
    {
      id: 'actions',
      title: t('alerts:column.actions'),
      width: 150,
      text: () => '',
      render: (silence) => (
        <span className="row nowrap">
          <Button kind="quiet" onClick={() => onEdit(silence)}>
            {t(silence.state === 'ended' ? 'alerts:silence.again' : 'alerts:edit')}
          </Button>
          {silence.state !== 'ended' && (
            <Button kind="quiet" onClick={() => void expire(silence)}>
              {t('alerts:silence.expire')}
            </Button>
          )}
        </span>
      ),
    },
  ];
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <DataTable
        id="silences"
        label={t('alerts:silence.title')}
        columns={columns}
        rows={silences}
        rowKey={({ id }) => id}
        rowClass={({ id }) => (id === found ? 'row-found' : undefined)}
        defaultSort={{ column: 'state', descending: false }}
        maxHeight={260}
        bare={silences.length < 8}
        empty={<EmptyState title={t('alerts:silence.none')} body={t('alerts:silence.noneBody')} />}
      />
    </>
  );
}
