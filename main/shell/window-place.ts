/** A rectangle on the desktop, device-independent pixels. */
export type Place = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** The smallest window in which every page still works. */
export const smallestWindow = { width: 960, height: 600 } as const;

/** The size that the first glance of every page is laid out for. */
const firstSize = { width: 1366, height: 768 } as const;

/** As much of the window's upper edge must be on a screen to get hold of it. */
const grip = { width: 120, height: 32 } as const;

/**
 * Where the window opens: where it was, if it can still be got hold of there; otherwise in the middle of the first
 * screen. A monitor that was unplugged must not take the window with it.
 *
 * @param kept the place of the last time
 * @param screens work areas of the screens, the primary one first; at least one
 */
export function planPlace(kept: Place | null, screens: readonly [Place, ...Place[]]): Place {
  if (kept !== null) {
    for (const screen of screens) {
      const width = clamp(kept.width, smallestWindow.width, screen.width);
      const height = clamp(kept.height, smallestWindow.height, screen.height);
      const fitted = { x: kept.x, y: kept.y, width, height };
      if (gripIsOn(fitted, screen)) return fitted;
    }
  }
  const [primary] = screens;
  const width = Math.min(kept?.width ?? firstSize.width, primary.width);
  const height = Math.min(kept?.height ?? firstSize.height, primary.height);
  return {
    x: primary.x + Math.round((primary.width - width) / 2),
    y: primary.y + Math.round((primary.height - height) / 2),
    width,
    height,
  };
}

/** Whether enough of the window's upper edge lies on the screen. */
function gripIsOn(place: Place, screen: Place): boolean {
  const across =
    Math.min(place.x + place.width, screen.x + screen.width) - Math.max(place.x, screen.x) >= grip.width;
  const down = place.y >= screen.y && place.y + grip.height <= screen.y + screen.height;
  return across && down;
}

/** On a screen smaller than the smallest window the screen wins. */
function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
