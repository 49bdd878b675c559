import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Rotation } from '#shared/contract/logs-rotation-runs.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { AbsoluteTime, Bytes, Count } from '../../../components/figures.tsx';
import { Icon } from '../../../components/icon.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { durationText } from '../../../components/time.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { toggled } from '../log-filters.ts';

const STEP = 100;
const shapes: Readonly<Record<Rotation['state'], StateName>> = {
  running: 'info',
  failed: 'critical',
  done: 'ok',
};

/** What was rotated, step by step; a line that is missing afterwards would stand here in red. */
export function HistoryView() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const policy = params.get('policy');
  const [limit, setLimit] = useState(STEP);
  const [open, setOpen] = useState<readonly string[]>([]);
  const request = useRequest(
    'rotation.history',
    { limit, ...(policy === null ? {} : { policy }) },
    { refreshMs: 30_000 },
  );
  useEvent('rotation.changed', request.reload);
  return (
    <RequestView request={request}>
      {({ rotations, total }) => (
        <>
          <div className="list-line">
            {total > 0 && (
              <strong className="figure" role="status">
                {t('common:table.shown', {
                  shown: rotations.length.toLocaleString('en-US'),
                  total: total.toLocaleString('en-US'),
                })}
              </strong>
            )}
            {policy !== null && (
              <Button
                kind="quiet"
                onClick={() =>
                  setParams((old) => {
                    const next = new URLSearchParams(old);
                    next.delete('policy');
                    return next;
                  })
                }
              >
                {t('rotation:history.onlyPolicy', { name: policy })} <Icon name="close" size={12} />
              </Button>
            )}
          </div>
          {rotations.length === 0 && (
            <EmptyState
              title={t('rotation:history.none')}
              body={t('rotation:history.noneBody')}
              action={
                <Link className="btn" to="/logs?tab=rotation">
                  {t('rotation:history.toPolicies')}
                </Link>
              }
            />
          )}
          <ul className="plain-list rotation-list">
            {rotations.map((rotation) => (
              <RotationItem
                key={rotation.id}
                rotation={rotation}
                open={open.includes(rotation.id) || rotation.state !== 'done'}
                onToggle={() => setOpen((old) => toggled(old, rotation.id))}
              />
            ))}
          </ul>
          {total > rotations.length && (
            <div>
              <Button onClick={() => setLimit(Math.min(1000, limit + STEP))}>
                {t('logs:search.more', { count: Math.min(STEP, total - rotations.length) })}
              </Button>
            </div>
          )}
        </>
      )}
    </RequestView>
  );
}

type RotationItemProps = {
  readonly rotation: Rotation;
  readonly open: boolean;
  readonly onToggle: () => void;
};

function RotationItem({ rotation, open, onToggle }: RotationItemProps) {
  const { t } = useTranslation();
  return (
    <li className="rotation-item" data-testid="rotation" data-state={rotation.state}>
      <button type="button" className="rotation-head" aria-expanded={open} onClick={onToggle}>
        <StateBadge state={shapes[rotation.state]} word={t(`rotation:history.state.${rotation.state}`)} />
        <AbsoluteTime time={rotation.startedAt} />
        <strong>{rotation.policy}</strong>
        <span className="mono ellipsis grow" title={rotation.path}>
          {rotation.path}
        </span>
        <span className="soft">{t(`rotation:history.trigger.${rotation.trigger}`)}</span>
        <Lines rotation={rotation} />
        {rotation.bytesBefore !== null && rotation.bytesAfter !== null && (
          <span className="soft figure">
            <Bytes value={rotation.bytesBefore} /> → <Bytes value={rotation.bytesAfter} />
          </span>
        )}
      </button>
      {open && <RotationSteps rotation={rotation} />}
    </li>
  );
}

/** Lines before and after: the same, or the difference in red. */
function Lines({ rotation }: { readonly rotation: Rotation }) {
  const { t } = useTranslation();
  const { linesBefore, linesAfter, lostBytes } = rotation;
  if (lostBytes !== null && lostBytes > 0)
    return (
      <StateBadge
        state="critical"
        word={t('rotation:history.lost', { bytes: lostBytes.toLocaleString('en-US') })}
      />
    );
  if (linesBefore === null || linesAfter === null) return null;
  const before = linesBefore.toLocaleString('en-US');
  const after = linesAfter.toLocaleString('en-US');
  return linesBefore === linesAfter ? (
    <span className="figure state-ok">{t('rotation:history.same', { before, after })}</span>
  ) : (
    <StateBadge state="critical" word={t('rotation:history.different', { before, after })} />
  );
}

function RotationSteps({ rotation }: { readonly rotation: Rotation }) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <div className="rotation-steps">
      <ol>
        {rotation.steps.map((step) => {
          const failed = rotation.state === 'failed' && step.step === rotation.step;
          const state: StateName = failed ? 'critical' : step.endedAt === null ? 'info' : 'ok';
          return (
            <li key={step.step}>
              <StateBadge state={state} word={t(`rotation:step.${step.step}`)} />
              <span className="soft figure">
                {step.endedAt === null ? '…' : durationText(t, step.endedAt - step.startedAt)}
              </span>
              {step.note && <span>{text(step.note)}</span>}
            </li>
          );
        })}
      </ol>
      {rotation.tries > 1 && (
        <p className="soft">
          {t('rotation:history.tries')} <Count value={rotation.tries} />
        </p>
      )}
      {rotation.error && <ErrorNotice error={rotation.error} still={t('rotation:history.retries')} />}
    </div>
  );
}
