import type { Sound } from '#shared/contract/channel-settings.ts';
import { useConnection } from './connection.ts';

/** Sounds of notices; files of the console, made by `scripts/make-sounds.ts`. */
const FILES: Readonly<Record<Exclude<Sound, 'none'>, string>> = {
  notice: new URL('../sounds/notice.wav', import.meta.url).href,
  warning: new URL('../sounds/warning.wav', import.meta.url).href,
  critical: new URL('../sounds/critical.wav', import.meta.url).href,
};

/** What sounds now; a louder one is not cut off by a softer one. */
let playing: { readonly sound: Sound; readonly audio: HTMLAudioElement } | null = null;
const ORDER: readonly Sound[] = ['none', 'notice', 'warning', 'critical'];

/**
 * Plays a sound of the console.
 *
 * @param volume from 0 to 1
 * @returns false when the machine cannot play it
 */
export async function playSound(sound: Sound, volume: number): Promise<boolean> {
  if (sound === 'none') return true;
  if (playing !== null && ORDER.indexOf(playing.sound) > ORDER.indexOf(sound)) return true;
  playing?.audio.pause();
  const audio = new Audio(FILES[sound]);
  audio.volume = volume;
  const mine = { sound, audio };
  playing = mine;
  audio.addEventListener('ended', () => {
    if (playing === mine) playing = null;
  });
  try {
    await audio.play();
    return true;
  } catch (thrown) {
    if (playing === mine) playing = null;
    // A machine without a sound device; the notification and the window still tell. Being cut off by a louder one is no fault.
    return thrown instanceof DOMException && thrown.name === 'AbortError';
  }
}

/** Plays what the engine's notices ask for, on every connection, also while the window is hidden. */
export function startSounds(): void {
  useConnection.subscribe((state, previous) => {
    const { client } = state;
    if (client === null || client === previous.client) return;
    client.on('channels.desktop', ({ sound, volume }) => void playSound(sound, volume));
  });
}
