import { useId, useMemo } from 'react';
import type { ListedPoint, RestorePoint } from '#shared/contract/backup.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { StateShape } from '../../components/state-badge.tsx';
import { absoluteText, relativeText } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { type Translate, useTranslation } from '../../locales/use-translation.ts';
import { PointBadge } from '../../pages/backups/badges.tsx';
import { NoPoints } from '../../pages/backups/no-points.tsx';
import { newestFirst, pointBadge } from '../../pages/backups/objective.ts';
import { isAtHand, type RestoreChoices, withPoint } from './choices.ts';
import { useHoldings } from './use-holdings.ts';
import type { ChoiceStepProps } from './what-step.tsx';

/** From which point: newest first, each with its badge, its age, and whether it holds what was chosen. */
export function WhenStep({ choices, points, change }: ChoiceStepProps) {
  const { t } = useTranslation();
  const group = useId();
  const plan = choices.what?.plan;
  const own = useMemo(() => newestFirst(points.filter((point) => point.plan === plan)), [points, plan]);
  const paths = choices.what?.kind === 'paths' ? choices.what.paths : [];
  const holdings = useHoldings(paths);
  if (own.length === 0) return <p>{t('recovery:wizard.when.none')}</p>;
  return (
    <>
      {!own.some(isAtHand) && <NoPoints areListed />}
      <Timeline points={own} choices={choices} />
      <p className="soft">{t('recovery:wizard.when.hint')}</p>
      <fieldset className="choices point-choices">
        <legend className="visually-hidden">{t('recovery:wizard.when.label')}</legend>
        {own.map((point, index) => (
          <label key={point.id} className="choice-card" data-point={point.id}>
            <input
              type="radio"
              name={group}
              checked={choices.when?.pointId === point.id}
              disabled={!isAtHand(point)}
              onChange={() => change((old) => withPoint(old, point))}
            />
            <span className="choice-body">
              <PointLine point={point} newest={index === 0} />
              {paths.length > 0 && holdings && (
                <Holding count={holdings.get(point.id) ?? 0} total={paths.length} />
              )}
              <PointNotes point={point} />
              <ChainNote point={point} points={own} />
            </span>
          </label>
        ))}
      </fieldset>
    </>
  );
}

/** Why a point cannot be chosen, and what would help. */
function ChainNote({
  point,
  points,
}: {
  readonly point: ListedPoint;
  readonly points: readonly ListedPoint[];
}) {
  const { t } = useTranslation();
  const { chain, restorable, verifiedAt } = point;
  if (isAtHand(point))
    return (
      <span className="soft small figure">
        {t('restore:when.chain', { count: chain.length })}
        {verifiedAt !== null && ` · ${t('restore:when.verifiedAt', { at: absoluteText(verifiedAt) })}`}
      </span>
    );
  // What its badge says already is not called a broken chain as well.
  if (
    point.state === 'missing' &&
    restorable.insert.length === 0 &&
    (chain.brokenBy ?? point.id) === point.id
  )
    return <span className="soft small breakable">{point.archivePath}</span>;
  const missing = points.find(({ id }) => id === (chain.brokenBy ?? point.id));
  return (
    <span className="small state-critical">
      {restorable.insert.length > 0
        ? t('restore:when.insert', {
            labels: restorable.insert
              .map(({ label, location }) => (location === '' ? label : `${label} (${location})`))
              .join(', '),
          })
        : t('restore:when.broken', { link: missing?.archivePath ?? chain.brokenBy ?? point.archivePath })}
    </span>
  );
}

function PointLine({ point, newest }: { readonly point: RestorePoint; readonly newest: boolean }) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  return (
    <span className="point-line">
      <strong className="figure">{absoluteText(point.startedAt)}</strong>
      <span className="figure">{relativeText(t, point.startedAt, now)}</span>
      <PointBadge point={point} />
      {newest && <span>{t('recovery:wizard.when.newest')}</span>}
      <span className="soft">{t(`backups:type.${point.type}`)}</span>
      <span className="soft figure">{contentsText(t, point)}</span>
    </span>
  );
}

/** How much comes back: of a point on a chain all of it, not just the few files that its own run wrote. */
function contentsText(t: Translate, { type, report }: RestorePoint): string {
  const written = {
    files: report.files.toLocaleString('en-US'),
    bytes: formatBytes(report.bytes),
  };
  return type === 'full' || report.unchanged === undefined
    ? t('recovery:wizard.when.files', written)
    : t('recovery:wizard.when.filesOfChain', {
        ...written,
        total: (report.files + report.unchanged).toLocaleString('en-US'),
      });
}

function Holding({ count, total }: { readonly count: number; readonly total: number }) {
  const { t } = useTranslation();
  const key = count === total ? 'holds' : count === 0 ? 'holdsNone' : 'holdsSome';
  return (
    <span className={`badge state-${count === total ? 'ok' : count === 0 ? 'critical' : 'warning'}`}>
      <StateShape state={count === total ? 'ok' : count === 0 ? 'critical' : 'warning'} size={10} />
      {t(`recovery:wizard.when.${key}`, { count, total })}
    </span>
  );
}

/** What should be known before this point is chosen. */
function PointNotes({ point }: { readonly point: RestorePoint }) {
  const { t } = useTranslation();
  const badge = pointBadge(point);
  return (
    <>
      {badge !== 'verified' && <span className="small">{t(`recovery:wizard.when.${badge}Note`)}</span>}
      {point.report.skippedTotal > 0 && (
        <span className="small">
          {t('recovery:wizard.when.skipped', { count: point.report.skippedTotal.toLocaleString('en-US') })}
        </span>
      )}
    </>
  );
}

/** The points as marks on a line of time; the list below says the same in words. */
function Timeline({
  points,
  choices,
}: {
  readonly points: readonly RestorePoint[];
  readonly choices: RestoreChoices;
}) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const oldest = points.at(-1)?.startedAt ?? now;
  const span = Math.max(1, now - oldest);
  return (
    <div className="timeline" role="img" aria-label={t('recovery:wizard.when.timeline')}>
      <div className="timeline-line">
        {points.map((point) => {
          const badge = pointBadge(point);
          const state = badge === 'verified' ? 'ok' : badge === 'unverified' ? 'warning' : 'critical';
          return (
            <span
              key={point.id}
              className={`timeline-mark${choices.when?.pointId === point.id ? ' chosen' : ''}`}
              style={{ left: `${((point.startedAt - oldest) / span) * 100}%` }}
              title={absoluteText(point.startedAt)}
            >
              <StateShape state={state} size={12} />
            </span>
          );
        })}
      </div>
      <div className="figure">
        <span>{absoluteText(oldest)}</span>
        <span>{absoluteText(now)}</span>
      </div>
    </div>
  );
}
