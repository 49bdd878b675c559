import { useEffect, useState } from 'react';
import { Button } from '../components/button.tsx';
import { StateShape } from '../components/state-badge.tsx';
import { relativeText } from '../components/time.ts';
import { useNow } from '../components/use-now.ts';
import { useText } from '../components/use-text.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { useConnection } from '../stores/connection.ts';
import { useSite } from '../stores/site.ts';
import { shell } from './shell.ts';

/** A start of the engine that takes no longer than this is not worth a banner, milliseconds. */
const QUIET_START_MS = 1_500;

/** Says that the engine is starting, restarting or refused; nothing while it is connected. */
export function EngineBanner() {
  const { t } = useTranslation();
  const text = useText();
  const link = useConnection((state) => state.link);
  const since = useConnection((state) => state.since);
  const error = useConnection((state) => state.error);
  const receivedAt = useSite((state) => state.receivedAt);
  const now = useNow(1_000);
  const [mounted] = useState(() => Date.now());
  const [quiet, setQuiet] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(false), QUIET_START_MS);
    return () => clearTimeout(timer);
  }, []);
  if (link === 'connected' || (link === 'starting' && quiet && since <= mounted)) return null;
  const refused = link === 'refused';
  return (
    <div
      className={`banner notice notice-${refused ? 'critical' : 'warning'}`}
      data-testid="engine-banner"
      data-link={link}
      role={refused ? 'alert' : 'status'}
    >
      <StateShape state={refused ? 'critical' : 'warning'} />
      <div className="notice-body">
        <strong>{t(`common:engine.${link}`)}</strong>{' '}
        {refused ? (
          <span>
            {error ? `${text(error.message)} ${text(error.hint)}` : t('common:engine.refusedHint')}
            {error && <span className="soft small"> {t('common:error.code', { code: error.code })}</span>}
          </span>
        ) : link === 'starting' ? (
          <span>{t('common:engine.startingHint')}</span>
        ) : receivedAt === null ? (
          <span>{t('common:engine.restartingNoData')}</span>
        ) : (
          <span>{t('common:engine.restartingHint', { age: relativeText(t, receivedAt, now) })}</span>
        )}
      </div>
      {refused && <Button onClick={() => void shell()?.restartEngine()}>{t('common:engine.restart')}</Button>}
    </div>
  );
}
