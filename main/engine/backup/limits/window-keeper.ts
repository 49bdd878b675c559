import type { RunWindow } from '#shared/contract/backup-schedule.ts';
import type { Job, JobProgress } from '#shared/contract/jobs.ts';
import type { Clock } from '../../platform/clock.ts';
import type { JobRegistry } from '../../platform/jobs.ts';
import type { Timers } from '../../platform/timers.ts';
import { windowState } from './windows.ts';

/** What the keeper did to a run so far. */
export type Kept = {
  /** It paused the run because its hours ended. */
  readonly paused: boolean;
  /** A person let the paused run go on: the hours count no more for it. */
  readonly overruled: boolean;
};

/** What a look at a run and its hours leads to. */
type KeeperStep = { readonly kept: Kept; readonly act: 'pause' | 'resume' | null };

/** Decides whether a run is paused or goes on. What a person paused stays paused, what a person let go on goes on. */
function keepHours(kept: Kept, isOpen: boolean, state: Job['state']): KeeperStep {
  const stay = (next: Kept): KeeperStep => ({ kept: next, act: null });
  if (kept.overruled) return stay(kept);
  if (kept.paused && state === 'running') return stay({ paused: false, overruled: true });
  if (kept.paused && isOpen && state === 'paused')
    return { kept: { paused: false, overruled: false }, act: 'resume' };
  if (!isOpen && state === 'running') return { kept: { paused: true, overruled: false }, act: 'pause' };
  return stay(kept);
}

const LOOK_EVERY_MS = 10_000;

const clockTime = (ms: number): string => {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getMonth() + 1}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
};

/** What the keeper needs from its surroundings. */
export type KeeperDeps = { readonly jobs: JobRegistry; readonly clock: Clock; readonly timers: Timers };

/**
 * Pauses a run when its plan's hours end and lets it go on when the next ones begin; the run's progress says so.
 *
 * @param tell shows progress of the job
 * @returns ends the keeping
 */
export function keepWindows(
  jobId: string,
  windows: readonly RunWindow[],
  tell: (progress: JobProgress) => void,
  { jobs, clock, timers }: KeeperDeps,
): () => void {
  if (windows.length === 0) return () => undefined;
  let kept: Kept = { paused: false, overruled: false };
  return timers.every(LOOK_EVERY_MS, () => {
    const job = jobs.get(jobId);
    if (job === undefined) return;
    const { isOpen, changesAt } = windowState(windows, clock.now());
    const step = keepHours(kept, isOpen, job.state);
    if (step.act !== null) {
      const set = jobs.setPaused(jobId, step.act === 'pause');
      // Between two of its threads a run cannot be paused; the next look tries again.
      if (!set.ok) return;
    }
    kept = step.kept;
    const { progress } = job;
    if (!kept.paused || progress === null) return;
    const until = changesAt === null ? '' : clockTime(changesAt);
    tell({
      ...progress,
      phase: {
        zh: `备份时段已结束，${until} 继续`,
        en: `Outside of its hours, goes on at ${until}`,
      },
      rate: 0,
      etaMs: null,
    });
  });
}
