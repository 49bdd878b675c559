import { useMemo } from 'react';
import type { Medium } from '#shared/contract/backup-media.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const shapes: Readonly<Record<Medium['state'], StateName>> = {
  here: 'ok',
  // A medium in the safe is where it should be.
  absent: 'not_watched',
  overdue: 'warning',
  damaged: 'critical',
  retired: 'unknown',
};

/** How a medium stands, as shape, colour and word. */
export function MediumBadge({ medium }: { readonly medium: Medium }) {
  const { t } = useTranslation();
  const { problem } = medium;
  return (
    <StateBadge
      state={problem === null ? shapes[medium.state] : 'critical'}
      word={t(`media:state.${medium.state}`)}
    />
  );
}

/** All media; a row opens its ledger. */
export function MediaTable({
  media,
  onOpen,
}: {
  readonly media: readonly Medium[];
  readonly onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  const columns = useMemo(
    (): readonly Column<Medium>[] => [
      {
        id: 'label',
        title: t('media:column.label'),
        width: 130,
        text: ({ label }) => label,
        render: ({ id, label }) => (
          <button
            type="button"
            className="linklike"
            data-verbatim
            aria-label={t('media:open', { label })}
            onClick={() => onOpen(id)}
          >
            {label}
          </button>
        ),
        sortBy: ({ label }) => label,
      },
      {
        id: 'state',
        title: t('media:column.state'),
        width: 120,
        text: ({ state }) => t(`media:state.${state}`),
        render: (medium) => <MediumBadge medium={medium} />,
        sortBy: ({ state }) => state,
      },
      {
        id: 'pool',
        title: t('media:pool'),
        width: 90,
        text: ({ pool }) => pool,
        sortBy: ({ pool }) => pool,
      },
      {
        id: 'where',
        title: t('media:column.where'),
        width: 210,
        text: ({ root, location }) => root ?? (location === '' ? t('media:nowhere') : location),
      },
      {
        id: 'due',
        title: t('media:column.due'),
        width: 110,
        text: ({ dueAt }) => (dueAt === null ? '—' : absoluteText(dueAt).slice(0, 10)),
        sortBy: ({ dueAt }) => dueAt ?? Number.POSITIVE_INFINITY,
      },
      {
        id: 'copied',
        title: t('media:column.copied'),
        width: 160,
        text: ({ lastCopiedAt }) => (lastCopiedAt === null ? t('media:never') : absoluteText(lastCopiedAt)),
        sortBy: ({ lastCopiedAt }) => lastCopiedAt ?? 0,
      },
      {
        id: 'points',
        title: t('media:column.points'),
        width: 80,
        align: 'right',
        text: ({ points }) => points.toLocaleString('en-US'),
        sortBy: ({ points }) => points,
      },
      {
        id: 'free',
        title: t('media:column.free'),
        width: 150,
        align: 'right',
        text: ({ freeBytes, totalBytes }) =>
          freeBytes === null
            ? '—'
            : `${formatBytes(freeBytes)}${totalBytes === null ? '' : ` / ${formatBytes(totalBytes)}`}`,
        sortBy: ({ freeBytes }) => freeBytes ?? 0,
      },
    ],
    [t, onOpen],
  );
  return (
    <DataTable
      id="media"
      label={t('media:list')}
      columns={columns}
      rows={media}
      rowKey={({ id }) => id}
      onOpen={({ id }) => onOpen(id)}
      empty={<p className="soft">{t('media:none.title')}</p>}
      maxHeight={320}
    />
  );
}
