/** How Chromium and Vite's loader say that a file of the window could not be fetched. */
const NOT_FETCHED = /Failed to fetch dynamically imported module|Unable to preload CSS/;

const KEY = 'hmtt.reloadedAt';
/** So long the window does not load itself again, milliseconds: a file that is gone must not make it flicker. */
const PAUSE_MS = 60_000;

/**
 * Whether the window should load itself anew, by itself, because a part of it could not be fetched. Chromium keeps a failed fetch, and
 * React a failed component, for as long as the document lives: neither another visit nor another import asks for the file again.
 *
 * @param thrown what was thrown, as text
 * @param memory what outlives the document; a yes is noted in it
 */
export function shouldReload(
  thrown: string,
  memory: Pick<Storage, 'getItem' | 'setItem'>,
  now: number,
): boolean {
  if (!NOT_FETCHED.test(thrown)) return false;
  const before = memory.getItem(KEY);
  // A clock that was set back must not hold it off for longer.
  if (before !== null && Math.abs(now - Number(before)) < PAUSE_MS) return false;
  memory.setItem(KEY, String(now));
  return true;
}
