import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { RotationSegment } from '#shared/contract/logs-rotation-runs.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { AbsoluteTime, Bytes, Count } from '../../../components/figures.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ArchiveSearch } from './archive-search.tsx';
import { HoldDialog } from './hold-dialog.tsx';
import { PrunePanel } from './prune-panel.tsx';
import { VerifyPanel } from './verify-panel.tsx';

/** The archived pieces of log files: where, how many lines, held or locked, verified when. */
export function SegmentsView() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const policy = params.get('policy');
  const request = useRequest('rotation.segments.list', {
    limit: 1000,
    ...(policy === null ? {} : { policy }),
  });
  useEvent('rotation.changed', request.reload);
  const [opened, setOpened] = useState<string | null>(null);
  const columns = useColumns();
  return (
    <>
      <Panel title={t('rotation:archive.title')}>
        <ArchiveSearch query={null} />
      </Panel>
      <VerifyPanel onDone={request.reload} />
      <RequestView request={request}>
        {({ segments, total, storedBytes }) => {
          const open = segments.find(({ id }) => id === opened);
          return (
            <>
              <p className="soft figure">
                {t('rotation:segments.sum', {
                  count: total.toLocaleString('en-US'),
                  size: formatBytes(storedBytes),
                })}
              </p>
              <DataTable
                id="rotation-segments"
                label={t('rotation:view.segments')}
                columns={columns}
                rows={segments}
                total={total}
                rowKey={({ id }) => id}
                onOpen={({ id }) => setOpened(id)}
                empty={
                  <EmptyState title={t('rotation:segments.none')} body={t('rotation:segments.noneBody')} />
                }
              />
              {open && (
                <SegmentDrawer segment={open} onClose={() => setOpened(null)} onChanged={request.reload} />
              )}
            </>
          );
        }}
      </RequestView>
      <PrunePanel onDone={request.reload} />
    </>
  );
}

/** Whether something keeps a segment from being removed. */
function guardOf({ hold, lockedUntil }: RotationSegment): 'held' | 'locked' | 'free' {
  if (hold !== null) return 'held';
  return lockedUntil !== null && lockedUntil > Date.now() ? 'locked' : 'free';
}

function useColumns(): readonly Column<RotationSegment>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: 'rotatedAt',
        title: t('rotation:segments.rotatedAt'),
        width: 160,
        text: ({ rotatedAt }) => absoluteText(rotatedAt),
        sortBy: ({ rotatedAt }) => rotatedAt,
      },
      {
        id: 'policy',
        title: t('rotation:segments.policy'),
        width: 120,
        text: ({ policy }) => policy,
        sortBy: ({ policy }) => policy,
      },
      {
        id: 'source',
        title: t('rotation:segments.source'),
        width: 260,
        text: ({ source }) => source,
        sortBy: ({ source }) => source,
      },
      {
        id: 'lines',
        title: t('logs:sources.lines'),
        width: 90,
        align: 'right',
        text: ({ lines }) => lines.toLocaleString('en-US'),
        sortBy: ({ lines }) => lines,
      },
      {
        id: 'stored',
        title: t('rotation:segments.stored'),
        width: 100,
        align: 'right',
        text: ({ storedBytes }) => formatBytes(storedBytes),
        sortBy: ({ storedBytes }) => storedBytes,
      },
      {
        id: 'guard',
        title: t('rotation:segments.guard'),
        width: 110,
        text: (segment) => t(`rotation:segments.guardName.${guardOf(segment)}`),
        sortBy: guardOf,
      },
      {
        id: 'verified',
        title: t('rotation:segments.verified'),
        width: 130,
        text: ({ verifiedOk }) => t(verifiedWord(verifiedOk)),
        render: ({ verifiedOk }) => (
          <StateBadge
            state={verifiedOk === null ? 'unknown' : verifiedOk ? 'ok' : 'critical'}
            word={t(verifiedWord(verifiedOk))}
          />
        ),
        sortBy: ({ verifiedAt }) => verifiedAt ?? 0,
      },
    ],
    [t],
  );
}

function verifiedWord(ok: boolean | null) {
  if (ok === null) return 'rotation:segments.notVerified' as const;
  return ok ? ('rotation:segments.verifiedOk' as const) : ('rotation:segments.verifiedBad' as const);
}

type SegmentDrawerProps = {
  readonly segment: RotationSegment;
  readonly onClose: () => void;
  readonly onChanged: () => void;
};

function SegmentDrawer({ segment, onClose, onChanged }: SegmentDrawerProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [asking, setAsking] = useState<'hold' | 'release' | null>(null);
  const { hold } = segment;
  return (
    <Overlay title={t('rotation:segments.one')} onClose={onClose}>
      <dl className="facts">
        <dt>{t('rotation:segments.source')}</dt>
        <dd className="mono">{segment.source}</dd>
        <dt>{t('rotation:segments.file')}</dt>
        <dd className="mono">{segment.file}</dd>
        <dt>{t('rotation:segments.rotatedAt')}</dt>
        <dd>
          <AbsoluteTime time={segment.rotatedAt} />
        </dd>
        <dt>{t('logs:sources.lines')}</dt>
        <dd>
          <Count value={segment.lines} />
        </dd>
        <dt>{t('rotation:segments.size')}</dt>
        <dd>
          <Bytes value={segment.bytes} /> → <Bytes value={segment.storedBytes} />
          {segment.encrypted && ` · ${t('rotation:segments.encrypted')}`}
        </dd>
        <dt>SHA-256</dt>
        <dd className="mono hash">{segment.storedSha256}</dd>
        <dt>{t('rotation:segments.checkpoint')}</dt>
        <dd>
          <Count value={segment.checkpoint} />
        </dd>
        <dt>{t('rotation:segments.verified')}</dt>
        <dd>
          {t(verifiedWord(segment.verifiedOk))}
          {segment.verifiedAt !== null && (
            <>
              {' · '}
              <AbsoluteTime time={segment.verifiedAt} />
            </>
          )}
        </dd>
        {segment.lockedUntil !== null && (
          <>
            <dt>{t('rotation:segments.lockedUntil')}</dt>
            <dd>
              <AbsoluteTime time={segment.lockedUntil} />
            </dd>
          </>
        )}
        <dt>{t('rotation:hold.title')}</dt>
        <dd>
          {hold === null
            ? t('rotation:hold.none')
            : t('rotation:hold.by', { who: hold.who, why: hold.why, since: absoluteText(hold.since) })}
        </dd>
      </dl>
      <div>
        <Button onClick={() => setAsking(hold === null ? 'hold' : 'release')}>
          {t(hold === null ? 'rotation:hold.hold' : 'rotation:hold.release')}
        </Button>
      </div>
      {asking && (
        <HoldDialog
          kind={asking}
          what={segment.file}
          onClose={() => setAsking(null)}
          onDone={() => {
            setAsking(null);
            onChanged();
          }}
          send={({ who, why, until }) =>
            asking === 'hold'
              ? call('rotation.segments.hold', { ids: [segment.id], who, why, until })
              : call('rotation.segments.release', { ids: [segment.id], who, why })
          }
        />
      )}
    </Overlay>
  );
}
