import type { Stamp } from '#shared/contract/recovery-drills.ts';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { absoluteText, relativeText } from '../../../components/time.ts';
import { useNow } from '../../../components/use-now.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const shapes: Readonly<Record<Stamp['state'], StateName>> = {
  never: 'unknown',
  valid: 'ok',
  void: 'warning',
  overdue: 'warning',
  failed: 'critical',
};

/** Whether a plan may be called verified, and since when. */
export function StampBadge({ stamp }: { readonly stamp: Stamp }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  return (
    <span className="row">
      <StateBadge state={shapes[stamp.state]} word={t(`recovery:disaster.stamp.${stamp.state}`)} />
      {stamp.drilledAt !== null && (
        <span className="soft figure">{relativeText(t, stamp.drilledAt, now)}</span>
      )}
    </span>
  );
}

/** Why a stamp is void: everything that changed since the drill. */
export function DriftList({ stamp }: { readonly stamp: Stamp }) {
  const { t } = useTranslation();
  return (
    <>
      {stamp.drift.length > 0 && (
        <div className="small">
          {t('recovery:disaster.stamp.drift')}
          <ul>
            {stamp.drift.slice(0, 20).map(({ what, key, name, how }) => (
              <li key={`${what} ${key}`}>
                {t(`recovery:disaster.stamp.what.${what}`)} {name} · {t(`recovery:disaster.stamp.how.${how}`)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {stamp.dueAt !== null && (
        <div className="soft small">
          {t('recovery:disaster.stamp.due', { at: absoluteText(stamp.dueAt).slice(0, 10) })}
        </div>
      )}
    </>
  );
}
