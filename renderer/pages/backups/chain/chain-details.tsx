import { Link } from 'react-router';
import type { ListedPoint } from '#shared/contract/backup.ts';
import { Bytes } from '../../../components/figures.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useText } from '../../../components/use-text.ts';
import { type Translate, useTranslation } from '../../../locales/use-translation.ts';
import { pointPath } from '../use-backups.ts';
import { chainState, isRestorable, restorableBefore, shapeOfState } from './chain-state.ts';

/** When and how a point was verified. */
export function verifiedText(t: Translate, { verifiedAt, finishedAt }: ListedPoint): string {
  if (verifiedAt === null) return t('plans:chain.never');
  // A run reads back what it wrote, and is recorded within moments of its end.
  return Math.abs(verifiedAt - finishedAt) < 60_000
    ? t('plans:chain.verifiedRun')
    : t('plans:chain.verifiedAt', { time: absoluteText(verifiedAt) });
}

/** Whether a point can be restored, and what that needs. */
export function restorableText(t: Translate, point: ListedPoint): string {
  const { insert } = point.restorable;
  if (chainState(point) === 'away')
    return t('plans:chain.media', { media: insert.map(({ label }) => label).join(', ') });
  return isRestorable(point) ? t('plans:chain.here') : t(`plans:chain.state.${chainState(point)}`);
}

type ChainDetailsProps = { readonly point: ListedPoint; readonly points: readonly ListedPoint[] };

/** How the chosen point stands, in words: complete, verified how, restorable from where, or broken why and what is left. */
export function ChainDetails({ point, points }: ChainDetailsProps) {
  const { t } = useTranslation();
  const text = useText();
  const state = chainState(point);
  const { chain, restorable } = point;
  const rest = isRestorable(point) ? null : restorableBefore(point, points);
  const blockedBy = chain.brokenBy ?? restorable.lost[0] ?? null;
  return (
    <div className="chain-details" role="status" data-testid="chain-details">
      <span className="row">
        <StateBadge state={shapeOfState[state]} word={t(`plans:chain.state.${state}`)} />
        <strong className="figure">{absoluteText(point.startedAt)}</strong>
        <span>{t(`backups:type.${point.type}`)}</span>
        <Bytes value={point.report.storedBytes} />
        <Link to={pointPath(point.id)}>{t('plans:chain.open')}</Link>
      </span>
      <span className="soft">
        {[
          verifiedText(t, point),
          chain.length === 1 ? t('plans:chain.alone') : t('plans:chain.builtOn', { count: chain.length - 1 }),
          ...(chain.neededBy > 0 ? [t('plans:chain.neededBy', { count: chain.neededBy })] : []),
        ].join(' · ')}
      </span>
      {state === 'away' && <span>{restorableText(t, point)}</span>}
      {isRestorable(point) || (
        <>
          {point.verifyError && <span>{text(point.verifyError.message)}</span>}
          {blockedBy !== null && blockedBy !== point.id && (
            <span>
              <Link to={pointPath(blockedBy)}>
                {t('plans:chain.blockedBy', { id: blockedBy.slice(0, 8) })}
              </Link>
            </span>
          )}
          <span>
            {rest === null ? (
              t('plans:chain.restNone')
            ) : (
              <Link to={pointPath(rest.id)}>
                {t('plans:chain.rest', { time: absoluteText(rest.startedAt) })}
              </Link>
            )}
          </span>
        </>
      )}
    </div>
  );
}
