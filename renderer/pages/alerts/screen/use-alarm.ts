import { useEffect } from 'react';
import { playSound } from '../../../stores/sounds.ts';

/** The sound is short; so often it is heard across a room without driving anybody out of it. */
const EVERY_MS = 4_000;

/** Sounds the console's alarm again and again while `on`. */
export function useAlarm(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const ring = (): void => void playSound('critical', 1);
    ring();
    const timer = setInterval(ring, EVERY_MS);
    return () => clearInterval(timer);
  }, [on]);
}
