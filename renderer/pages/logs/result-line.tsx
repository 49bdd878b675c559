import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { logsSearcher, useLogsSearch } from '../../stores/logs.ts';

export type ResultLineProps = {
  readonly reading: boolean;
  readonly live: boolean;
  readonly onAgain: () => void;
  /** What can be done with what was found. */
  readonly children: ReactNode;
};

/** How many of how many, how old, how far a search is that still runs, and what can be done with it all. */
export function ResultLine({ reading, live, onAgain, children }: ResultLineProps) {
  const { t } = useTranslation();
  const { events, total, exact, tookMs, answeredAt, loading, counting, share, cancelled } = useLogsSearch(
    (state) => state,
  );
  const running = loading || counting;
  if (answeredAt === null && !running) return null;
  const figures = {
    shown: events.length.toLocaleString('en-US'),
    total: total.toLocaleString('en-US'),
  };
  return (
    <div className="list-line">
      {answeredAt !== null && (
        <>
          <strong className="figure" role="status" data-testid="log-shown" data-exact={exact}>
            {t(exact ? 'logs:search.shown' : 'logs:search.shownAtLeast', figures)}
          </strong>
          <span className="soft figure">
            {t('logs:search.took', { ms: Math.max(1, Math.round(tookMs)) })} ·{' '}
            {t('logs:search.asOf', { time: absoluteText(answeredAt).slice(11) })}
          </span>
        </>
      )}
      {live && !running && !cancelled && (
        <span className="soft">{t(reading ? 'logs:search.held' : 'logs:search.following')}</span>
      )}
      {cancelled && <StateBadge state="warning" word={t('logs:search.cancelled')} />}
      {running && share > 0 && (
        <span className="search-progress" data-testid="search-progress">
          <ProgressBar
            done={share}
            total={1}
            label={t(counting ? 'logs:search.counting' : 'logs:search.searching')}
          />
          <span className="soft figure">
            {t(counting ? 'logs:search.counting' : 'logs:search.searching')} {Math.floor(share * 100)} %
          </span>
          <Button onClick={logsSearcher.cancel}>{t('common:action.cancel')}</Button>
        </span>
      )}
      <span className="spacer" />
      <Button kind="quiet" onClick={onAgain}>
        <Icon name="refresh" size={14} /> {t('logs:search.refresh')}
      </Button>
      {children}
    </div>
  );
}
