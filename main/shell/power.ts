import { powerMonitor, powerSaveBlocker } from 'electron';
import type { Clock } from '../engine/platform/clock.ts';

/** Hears when the machine falls asleep and wakes up. */
export function watchSleep(
  clock: Clock,
  listeners: {
    readonly onRest: (asleep: boolean) => void;
    /** The machine slept between these moments, UTC milliseconds. */
    readonly onSlept: (from: number, to: number) => void;
  },
): void {
  let since: number | null = null;
  powerMonitor.on('suspend', () => {
    since = clock.now();
    listeners.onRest(true);
  });
  powerMonitor.on('resume', () => {
    listeners.onRest(false);
    const now = clock.now();
    // A clock that went back while asleep leaves nothing to tell.
    if (since !== null && now > since) listeners.onSlept(since, now);
    since = null;
  });
}

/** Keeps the machine awake while it is told to; the screen may still switch off. */
export function createSleepGuard(): (awake: boolean) => void {
  let blocker: number | null = null;
  return (awake) => {
    if (awake && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (!awake && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  };
}
