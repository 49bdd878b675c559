import { formatBytes } from '#shared/units/bytes.ts';
import { problemState } from '../components/problem-state.ts';
import { ProgressBar } from '../components/progress-bar.tsx';
import { type StateName, StateShape } from '../components/state-badge.tsx';
import { absoluteText, relativeText, zoneText } from '../components/time.ts';
import { useNow } from '../components/use-now.ts';
import { useText } from '../components/use-text.ts';
import { type Translate, useTranslation } from '../locales/use-translation.ts';
import { useConnection } from '../stores/connection.ts';
import { useJobs } from '../stores/jobs.ts';
import { useSite } from '../stores/site.ts';
import { useFloating } from './floating-store.ts';

function Item({
  state,
  text,
  title,
}: {
  readonly state?: StateName;
  readonly text: string;
  readonly title?: string;
}) {
  return (
    <span className={`status-item${state ? ` state-${state}` : ''}`} title={title}>
      {state && <StateShape state={state} size={10} />}
      <span className="status-text figure">{text}</span>
    </span>
  );
}

/** One line that is always true: engine, hosts, alerts, logs, restore point, disk, jobs; its age when it is old. */
export function StatusBar() {
  const { t } = useTranslation();
  const now = useNow(5_000);
  const { status, receivedAt } = useSite();
  const connected = useConnection((state) => state.link === 'connected');
  return (
    <footer className="status" data-testid="status-bar">
      {connected && status ? (
        <Item
          state="ok"
          text={t('common:status.engineSince', { time: absoluteText(status.engine.startedAt) })}
          title={`PID ${status.engine.pid} · ${status.engine.dataDir} · ${zoneText(status.engine.startedAt)}`}
        />
      ) : (
        <Item state="unknown" text={t('common:status.engineAway')} />
      )}
      {status && (
        <>
          {!connected && receivedAt !== null && (
            <Item state="warning" text={t('common:status.asOf', { age: relativeText(t, receivedAt, now) })} />
          )}
          <Item
            state={
              status.hosts.down > 0 ? 'critical' : status.hosts.up < status.hosts.total ? 'warning' : 'ok'
            }
            text={t('common:status.hostsUp', { up: status.hosts.up, total: status.hosts.total })}
          />
          <Item
            state={problemState(status)}
            text={t('common:status.alertsFiring', {
              count: status.problems.critical + status.problems.warning,
            })}
          />
          <Item text={t('common:status.logRate', { rate: rateText(status.logLinesPerSecond) })} />
          {status.lastVerifiedPoint ? (
            <Item
              text={t('common:status.restorePoint', {
                age: relativeText(t, status.lastVerifiedPoint.at, now),
              })}
              title={`${status.lastVerifiedPoint.plan} · ${absoluteText(status.lastVerifiedPoint.at)}`}
            />
          ) : (
            <Item state="unknown" text={t('common:status.noRestorePoint')} />
          )}
          <Item
            {...diskState(status.disk.freeBytes / Math.max(1, status.disk.totalBytes), status.disk.daysLeft)}
            text={diskText(t, status.disk.freeBytes, status.disk.daysLeft)}
          />
        </>
      )}
      <RunningJobs />
    </footer>
  );
}

function rateText(rate: number): string {
  return rate >= 10 || rate === 0 ? Math.round(rate).toLocaleString('en-US') : rate.toFixed(1);
}

/** Free space, and when it is used up, as far as that can be said; the last days by the hour. */
function diskText(t: Translate, freeBytes: number, daysLeft: number | null): string {
  const free = t('common:status.diskFree', { free: formatBytes(freeBytes) });
  if (daysLeft === null || daysLeft > 999) return free;
  return daysLeft < 2
    ? t('common:status.diskHours', { free, hours: Math.floor(daysLeft * 24) })
    : t('common:status.diskDays', { free, days: Math.floor(daysLeft) });
}

function diskState(freeShare: number, daysLeft: number | null): { readonly state?: StateName } {
  if (freeShare < 0.03 || (daysLeft !== null && daysLeft < 1)) return { state: 'critical' };
  if (freeShare < 0.1 || (daysLeft !== null && daysLeft < 7)) return { state: 'warning' };
  return {};
}

/** Running jobs with their progress; a click opens the job drawer. */
function RunningJobs() {
  const { t } = useTranslation();
  const text = useText();
  const jobs = useJobs((state) => state.jobs);
  const running = jobs.filter((job) => job.state === 'running' || job.state === 'paused');
  const first = running[0];
  return (
    <button
      type="button"
      className="status-jobs"
      data-testid="status-jobs"
      onClick={() => useFloating.setState({ open: 'jobs' })}
    >
      {first === undefined ? (
        t('common:status.noJobs')
      ) : (
        <>
          <span>
            {running.length === 1 ? text(first.title) : t('common:status.jobs', { count: running.length })}
          </span>
          {first.progress && (
            <ProgressBar done={first.progress.done} total={first.progress.total} label={text(first.title)} />
          )}
        </>
      )}
    </button>
  );
}
