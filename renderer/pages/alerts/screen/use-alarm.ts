import { useEffect } from 'react';

/** Two notes, then silence: heard across a room, and not mistaken for anything else of the console. */
const NOTES = [880, 660] as const;
const NOTE_S = 0.25;
const EVERY_MS = 3_000;
const VOLUME = 0.25;

/** Sounds an alarm made on the spot while `on`; no file is needed, and no sound device is no failure. */
export function useAlarm(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const context = new AudioContext();
    const ring = (): void => {
      if (context.state === 'suspended') void context.resume();
      NOTES.forEach((frequency, index) => {
        const start = context.currentTime + index * NOTE_S;
        const note = context.createOscillator();
        const gain = context.createGain();
        note.frequency.value = frequency;
        gain.gain.setValueAtTime(VOLUME, start);
        gain.gain.linearRampToValueAtTime(0, start + NOTE_S);
        note.connect(gain).connect(context.destination);
        note.start(start);
        note.stop(start + NOTE_S);
      });
    };
    ring();
    const timer = setInterval(ring, EVERY_MS);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [on]);
}
