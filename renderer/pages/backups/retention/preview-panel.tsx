import { useState } from 'react';
import type { RetentionPolicy, RetentionPreview } from '#shared/contract/backup-retention.ts';
import type { AppError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmByTyping } from '../../../components/confirm-by-typing.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { AbsoluteTime, Bytes } from '../../../components/figures.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { HoldButton, isActive } from './hold-button.tsx';

type PreviewPoint = RetentionPreview['points'][number];

export type PreviewPanelProps = {
  readonly plan: string;
  /** A policy that is not saved yet; left out for the one in force. */
  readonly draft?: RetentionPolicy | null;
  readonly busy: boolean;
};

/** Point by point: what stays, what goes, and why. */
export function PreviewPanel({ plan, draft, busy }: PreviewPanelProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const isDraft = draft !== undefined;
  const request = useRequest(
    'backup.retention.preview',
    { name: plan, ...(isDraft ? { policy: draft } : {}) },
    { subject: plan },
  );
  useEvent('backup.changed', request.reload);
  return (
    <Panel title={t('retention:preview.title')}>
      <RequestView request={request} rows={6}>
        {(preview) => (
          <div className="stack">
            {preview.refusal && <ErrorNotice error={preview.refusal} />}
            <div className="row">
              <span data-testid="prune-summary">
                {preview.remove === 0
                  ? t('retention:preview.nothing', { kept: formatBytes(preview.keptBytes) })
                  : t('retention:preview.summary', {
                      remove: preview.remove,
                      total: preview.points.length,
                      freed: formatBytes(preview.freedBytes),
                      kept: formatBytes(preview.keptBytes),
                    })}{' '}
                <span className="soft">{t('retention:preview.zone', { zone: preview.timeZone })}</span>
              </span>
              {isDraft ? (
                <span className="soft">{t('retention:preview.draft')}</span>
              ) : (
                preview.remove > 0 && (
                  <Button
                    kind="danger"
                    disabled={busy}
                    data-testid="prune"
                    aria-haspopup="dialog"
                    onClick={() => setAsking(true)}
                  >
                    {t('retention:preview.prune', { remove: preview.remove })}
                  </Button>
                )
              )}
            </div>
            <PreviewTable plan={plan} points={preview.points} />
            {asking && <PruneDialog preview={preview} onClose={() => setAsking(false)} />}
          </div>
        )}
      </RequestView>
    </Panel>
  );
}

function PreviewTable({ plan, points }: { readonly plan: string; readonly points: readonly PreviewPoint[] }) {
  const { t } = useTranslation();
  const holds = useRequest('backup.hold.list', { plan }, { subject: plan });
  useEvent('backup.changed', holds.reload);
  const now = Date.now();
  const held = new Set(
    (holds.data?.holds ?? []).filter((hold) => isActive(hold, now)).map(({ pointId }) => pointId),
  );
  const text = useText();
  const columns: readonly Column<PreviewPoint>[] = [
    {
      id: 'fate',
      title: t('retention:preview.fate'),
      width: 84,
      text: ({ keep }) => t(keep ? 'retention:preview.keep' : 'retention:preview.remove'),
      render: ({ keep }) => (
        <StateBadge
          state={keep ? 'ok' : 'warning'}
          word={t(keep ? 'retention:preview.keep' : 'retention:preview.remove')}
        />
      ),
      sortBy: ({ keep }) => (keep ? 1 : 0),
    },
    {
      id: 'at',
      title: t('retention:preview.at'),
      width: 160,
      text: ({ startedAt }) => absoluteText(startedAt),
      render: ({ startedAt }) => <AbsoluteTime time={startedAt} />,
      sortBy: ({ startedAt }) => startedAt,
    },
    {
      id: 'type',
      title: t('retention:preview.type'),
      width: 90,
      text: ({ type }) => t(`backups:type.${type}`),
      sortBy: ({ type }) => type,
    },
    {
      id: 'bytes',
      title: t('retention:preview.bytes'),
      width: 90,
      align: 'right',
      text: ({ archiveBytes }) => formatBytes(archiveBytes),
      render: ({ archiveBytes }) => <Bytes value={archiveBytes} />,
      sortBy: ({ archiveBytes }) => archiveBytes,
    },
    {
      id: 'why',
      title: t('retention:preview.why'),
      width: 420,
      text: ({ reasons }) => reasons.map(text).join(t('retention:preview.and')),
    },
    {
      id: 'hold',
      title: t('retention:hold.title'),
      width: 110,
      text: ({ pointId }) => (held.has(pointId) ? t('retention:hold.active') : ''),
      render: ({ pointId }) =>
        held.has(pointId) ? t('retention:hold.active') : <HoldButton pointId={pointId} />,
    },
  ];
  return (
    <DataTable
      id="retention-preview"
      label={t('retention:preview.title')}
      columns={columns}
      rows={points}
      rowKey={({ pointId }) => pointId}
      maxHeight={360}
      rowClass={({ keep }) => (keep ? undefined : 'row-goes')}
      empty={<p className="soft">{t('retention:preview.noPoints')}</p>}
    />
  );
}

/** From this share of what is stored on, or this many points, the plan's name is to be typed. */
const RISKY_SHARE = 0.5;
const RISKY_POINTS = 20;

/** What will happen, once more, and the button that does it. */
function PruneDialog({
  preview,
  onClose,
}: {
  readonly preview: RetentionPreview;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const prune = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('backup.prune', { name: preview.plan, hash: preview.hash });
    setBusy(false);
    if (answer.ok) onClose();
    else setError(answer.error);
  };
  const isRisky =
    preview.remove >= RISKY_POINTS ||
    preview.freedBytes > RISKY_SHARE * (preview.freedBytes + preview.keptBytes);
  const action = t('retention:preview.prune', { remove: preview.remove });
  return (
    <Overlay kind="dialog" title={t('retention:prune.title', { name: preview.plan })} onClose={onClose}>
      <div className="stack">
        <p>
          {t('retention:prune.body', {
            remove: preview.remove,
            freed: formatBytes(preview.freedBytes),
            left: preview.points.length - preview.remove,
          })}
        </p>
        <p>
          <strong>{t('retention:prune.forever')}</strong>
        </p>
        {error && <ErrorNotice error={error} />}
        {isRisky ? (
          <ConfirmByTyping
            word={preview.plan}
            actionLabel={action}
            busy={busy}
            onConfirm={() => void prune()}
          />
        ) : (
          <div className="row">
            <Button data-autofocus onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button kind="danger" disabled={busy} data-testid="prune-confirm" onClick={() => void prune()}>
              {action}
            </Button>
          </div>
        )}
      </div>
    </Overlay>
  );
}
