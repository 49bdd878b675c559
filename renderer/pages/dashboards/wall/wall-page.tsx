import '../dashboards.css';
import '../../../panels/panels.css';
import { useEffect, useMemo, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { shell } from '../../../app/shell.ts';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { problemState } from '../../../components/problem-state.ts';
import { Skeleton } from '../../../components/skeleton.tsx';
import { StateShape } from '../../../components/state-badge.tsx';
import { absoluteText, durationText } from '../../../components/time.ts';
import { useNow } from '../../../components/use-now.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useTimeRange } from '../../../components/use-time-range.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useConnection } from '../../../stores/connection.ts';
import { useSite } from '../../../stores/site.ts';
import { chosenOf } from '../use-board-params.ts';
import { type Freshness, useFreshness } from './use-freshness.ts';
import { WallBoard } from './wall-board.tsx';
import { staleSince, type Wall, wallOf } from './wall-params.ts';

/** Keys that leave the wall. */
const LEAVE = new Set(['Escape', 'q']);

/** Dashboards on a screen that nobody sits at: one after the other, with the clock, the worst of now, and the age of the data. */
export function WallPage() {
  const { uid = '' } = useParams();
  const [params] = useSearchParams();
  const wall = useMemo(() => wallOf(uid, params), [uid, params]);
  const chosen = useMemo(() => chosenOf(params), [params]);
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const shown = wall.boards[at % wall.boards.length] ?? uid;
  useAwake();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!turnPage(document.querySelector('.wall-board'))) setAt((old) => (old + 1) % wall.boards.length);
    }, wall.everyMs);
    return () => clearInterval(timer);
  }, [wall]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (LEAVE.has(event.key)) void navigate(`/metrics/dashboards/${encodeURIComponent(uid)}`);
      else if (event.key === 'ArrowRight') setAt((old) => (old + 1) % wall.boards.length);
      else if (event.key === 'ArrowLeft') setAt((old) => (old + wall.boards.length - 1) % wall.boards.length);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate, uid, wall]);
  const request = useRequest('dashboards.get', { uid: shown }, { subject: shown, refreshMs: 60_000 });
  const freshness = useFreshness(shown);
  return (
    <main className="wall" data-board={shown}>
      {request.data === null ? (
        request.error ? (
          <ErrorNotice error={request.error} onRetry={request.reload} />
        ) : (
          <Skeleton rows={12} />
        )
      ) : (
        <WallBoard key={shown} found={request.data} chosen={chosen} onAnswer={freshness.tell} />
      )}
      <WallFoot wall={wall} at={at} freshness={freshness} />
    </main>
  );
}

/** Shows the next part of a board that is higher than the screen; false, and the first part again, after the last. */
function turnPage(board: Element | null): boolean {
  if (board === null) return false;
  const rest = board.scrollHeight - board.clientHeight - board.scrollTop;
  board.scrollTop = rest > 8 ? board.scrollTop + board.clientHeight * 0.95 : 0;
  return rest > 8;
}

/** The screen stays on, and the window is all there is, while a wall is shown. */
function useAwake(): void {
  useEffect(() => {
    void shell()?.setWall(true);
    return () => void shell()?.setWall(false);
  }, []);
}

type FootProps = { readonly wall: Wall; readonly at: number; readonly freshness: Freshness };

/** Site, problems, age of the data, clock. What is old is said in words and colour, never left to be guessed. */
function WallFoot({ wall, at, freshness }: FootProps) {
  const { t } = useTranslation();
  const now = useNow(1_000);
  const range = useTimeRange();
  const status = useSite((state) => state.status);
  const receivedAt = useSite((state) => state.receivedAt);
  const away = useConnection((state) => state.client === null);
  const since = staleSince(freshness.at ?? receivedAt, now, range.refreshMs);
  const worst = problemState(status);
  const old = away || since !== null;
  const age = freshness.at ?? receivedAt;
  return (
    <footer className="wall-foot" data-stale={old}>
      <strong>{status?.siteName || t('common:top.siteUnnamed')}</strong>
      {status?.classification && <span className="classification">{status.classification}</span>}
      <span className={`badge state-${worst}`}>
        <StateShape state={worst} size={18} />
        {worst === 'unknown'
          ? t('dashboards:wall.notLooked')
          : worst === 'ok'
            ? t('dashboards:wall.calm')
            : t('dashboards:wall.problems', { ...status?.problems })}
      </span>
      <span className="spacer" />
      {old ? (
        <strong className="wall-stale" role="alert">
          <StateShape state="warning" size={20} />{' '}
          {age === null
            ? t('dashboards:wall.noData')
            : t('dashboards:wall.stale', { age: durationText(t, now - age) })}
        </strong>
      ) : (
        <span className="soft">{t('dashboards:wall.fresh')}</span>
      )}
      {wall.boards.length > 1 && (
        <span className="figure soft">
          {(at % wall.boards.length) + 1}/{wall.boards.length}
        </span>
      )}
      <time className="figure wall-clock" dateTime={new Date(now).toISOString()}>
        {absoluteText(now)}
      </time>
    </footer>
  );
}
