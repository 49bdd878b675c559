import { useMemo } from 'react';
import { Link, useNavigate } from 'react-router';
import type { ListedPoint } from '#shared/contract/backup.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { absoluteText, durationText } from '../../components/time.ts';
import { type Translate, useTranslation } from '../../locales/use-translation.ts';
import { PathText } from '../../wizards/path-text.tsx';
import { PointBadge } from './badges.tsx';
import { restorableText, verifiedText } from './chain/chain-details.tsx';
import { newestFirst, pointBadge } from './objective.ts';
import { pointPath } from './use-backups.ts';

export type PointsTableProps = {
  readonly plan: string;
  readonly points: readonly ListedPoint[];
};

/** The type, and how many archives a restore needs when it is more than this one. */
function typeText(t: Translate, { type, chain }: ListedPoint): string {
  const name = t(`backups:type.${type}`);
  return chain.length === 1 ? name : `${name} · ${t('backups:points.chain', { count: chain.length })}`;
}

/** The points of a plan, newest first, each with what its run left out. */
export function PointsTable({ plan, points }: PointsTableProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useMemo(
    (): readonly Column<ListedPoint>[] => [
      {
        id: 'state',
        title: t('backups:points.state'),
        width: 120,
        text: (point) => t(`backups:points.badge.${pointBadge(point)}`),
        render: (point) => <PointBadge point={point} />,
        sortBy: (point) => pointBadge(point),
      },
      {
        id: 'at',
        title: t('backups:points.at'),
        width: 170,
        text: (point) => absoluteText(point.startedAt),
        render: (point) => (
          <Link to={pointPath(point.id)} className="figure">
            {absoluteText(point.startedAt)}
          </Link>
        ),
        sortBy: (point) => point.startedAt,
      },
      {
        id: 'type',
        title: t('backups:points.type'),
        width: 190,
        text: (point) => typeText(t, point),
        sortBy: (point) => point.type,
      },
      {
        id: 'verified',
        title: t('plans:chain.verified'),
        width: 190,
        text: (point) => verifiedText(t, point),
        sortBy: (point) => point.verifiedAt ?? 0,
      },
      {
        id: 'restorable',
        title: t('plans:chain.restorable'),
        width: 190,
        text: (point) => restorableText(t, point),
      },
      {
        id: 'files',
        title: t('backups:points.files'),
        width: 90,
        align: 'right',
        text: (point) => point.report.files.toLocaleString('en-US'),
        sortBy: (point) => point.report.files,
      },
      {
        id: 'bytes',
        title: t('backups:points.bytes'),
        width: 100,
        align: 'right',
        text: (point) => formatBytes(point.report.bytes),
        sortBy: (point) => point.report.bytes,
      },
      {
        id: 'stored',
        title: t('backups:points.stored'),
        width: 100,
        align: 'right',
        text: (point) => formatBytes(point.report.storedBytes),
        sortBy: (point) => point.report.storedBytes,
      },
      {
        id: 'duration',
        title: t('backups:points.duration'),
        width: 90,
        align: 'right',
        text: (point) => durationText(t, point.report.durationMs),
        sortBy: (point) => point.report.durationMs,
      },
      {
        id: 'skipped',
        title: t('backups:points.skipped'),
        width: 80,
        align: 'right',
        text: (point) => point.report.skippedTotal.toLocaleString('en-US'),
        sortBy: (point) => point.report.skippedTotal,
      },
      {
        id: 'archive',
        title: t('backups:points.archive'),
        width: 320,
        text: (point) => point.archivePath,
        render: (point) => <PathText path={point.archivePath} />,
      },
    ],
    [t],
  );
  return (
    <DataTable
      id="restore-points"
      label={t('backups:points.label', { plan })}
      columns={columns}
      rows={newestFirst(points)}
      rowKey={(point) => point.id}
      onOpen={(point) => void navigate(pointPath(point.id))}
      maxHeight={360}
      empty={<EmptyState title={t('backups:points.none')} body={t('backups:points.noneBody')} />}
    />
  );
}
