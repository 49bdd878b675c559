import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Icon } from '../../components/icon.tsx';
import { StateBadge, type StateName } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { isEngineAway, logsTail, useLogsTail } from '../../stores/logs.ts';
import { TAIL_KEEPS, type TailState } from '../../stores/logs-tail-state.ts';
import { ClockSwitch } from './clock-switch.tsx';
import { LogList } from './log-list.tsx';
import { SearchLine } from './search-line.tsx';

const shapes: Readonly<Record<TailState['status'] | 'paused', StateName>> = {
  off: 'unknown',
  starting: 'info',
  live: 'ok',
  paused: 'warning',
  interrupted: 'warning',
  failed: 'critical',
};

/** The live tail: what it follows, how it stands, and the lines. It goes on when this is not shown. */
export function LiveTab() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const status = useLogsTail((state) => state.status);
  const query = useLogsTail((state) => state.query);
  const error = useLogsTail((state) => state.error);
  const asked = params.get('tail');
  // An address that names a filter starts that tail; one that runs is never replaced by merely coming back.
  useEffect(() => {
    if (asked !== null && logsTail.store.getState().status === 'off') logsTail.start(asked);
  }, [asked]);
  const follow = (text: string): void => {
    logsTail.start(text);
    setParams((old) => {
      const next = new URLSearchParams(old);
      next.set('tail', text);
      return next;
    });
  };
  return (
    <div className="logs-view">
      <SearchLine
        label={t('logs:live.query')}
        placeholder={t('logs:live.queryPlaceholder')}
        submitLabel={t(status === 'off' ? 'logs:live.start' : 'logs:live.restart')}
        text={status === 'off' ? (asked ?? '') : query}
        error={isEngineAway(error) ? null : error}
        onSubmit={follow}
      />
      <LiveControls />
      <LiveLines
        onSearchFor={(text) =>
          setParams((old) => {
            const next = new URLSearchParams(old);
            next.set('tab', 'search');
            next.set('q', text);
            return next;
          })
        }
      />
    </div>
  );
}

function LiveControls() {
  const { t } = useTranslation();
  const state = useLogsTail((whole) => whole);
  const { status, paused, held, lines, received, skipped, dropped, interruptions, startedAt } = state;
  if (status === 'off') return null;
  const shown = status === 'live' && paused ? 'paused' : status;
  const figure = (value: number): string => value.toLocaleString('en-US');
  return (
    <>
      <div className="list-line" data-testid="tail" data-tail-status={shown}>
        <StateBadge state={shapes[shown]} word={t(`logs:live.status.${shown}`)} />
        {paused ? (
          <Button kind="primary" onClick={logsTail.resume}>
            <Icon name="play" size={12} />
            {held.length === 0
              ? t('logs:live.resume')
              : t('logs:live.resumeWith', { count: figure(held.length) })}
          </Button>
        ) : (
          <Button disabled={status === 'failed'} onClick={logsTail.pause}>
            <Icon name="pause" size={12} /> {t('logs:live.pause')}
          </Button>
        )}
        <Button onClick={logsTail.stop}>{t('logs:live.stop')}</Button>
        <Button kind="quiet" disabled={lines.length === 0} onClick={logsTail.clear}>
          {t('logs:live.clear')}
        </Button>
        <ClockSwitch />
        <strong className="figure">
          {t('logs:live.shown', { shown: figure(lines.length), total: figure(received) })}
        </strong>
        {startedAt !== null && (
          <span className="soft figure">
            {t('logs:live.since', { time: absoluteText(startedAt), count: figure(received) })}
          </span>
        )}
        <span className="soft">{t('logs:live.keeps')}</span>
      </div>
      {skipped > 0 && (
        <StateBadge state="warning" word={t('logs:live.skipped', { count: figure(skipped) })} />
      )}
      {dropped > 0 && (
        <span className="soft">
          {t('logs:live.dropped', { keep: figure(TAIL_KEEPS), count: figure(dropped) })}
        </span>
      )}
      {interruptions > 0 && (
        <StateBadge state="warning" word={t('logs:live.interruptions', { count: figure(interruptions) })} />
      )}
    </>
  );
}

function LiveLines({ onSearchFor }: { readonly onSearchFor: (text: string) => void }) {
  const { t } = useTranslation();
  const status = useLogsTail((state) => state.status);
  const lines = useLogsTail((state) => state.lines);
  const query = useLogsTail((state) => state.query);
  const resumed = useLogsTail((state) => !state.paused);
  if (status === 'off' && lines.length === 0) {
    return (
      <EmptyState
        title={t('logs:live.off')}
        body={t('logs:live.offBody')}
        action={
          <Button kind="primary" onClick={() => logsTail.start('')}>
            {t('logs:live.start')}
          </Button>
        }
      />
    );
  }
  if (lines.length === 0) {
    return <EmptyState title={t('logs:live.waiting')} body={t('logs:live.waitingBody')} />;
  }
  return (
    <LogList
      label={t('logs:live.label')}
      events={lines}
      query={query}
      // Reading pauses, so that no line moves away under the eyes; going on is the reader's decision.
      onReading={(reading) => {
        if (reading) logsTail.pause();
      }}
      onSearchFor={onSearchFor}
      toNewest={resumed}
      footer={<div className="list-end soft">{t('logs:live.reading')}</div>}
    />
  );
}
