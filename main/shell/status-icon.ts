/** What the tray icon says at a glance. */
export type IconStatus = 'ok' | 'warning' | 'critical' | 'unknown';

type Rgb = readonly [red: number, green: number, blue: number];

/** The colours of the four states; the shapes alone tell them apart too. */
const colours: Readonly<Record<IconStatus, Rgb>> = {
  ok: [46, 160, 67],
  warning: [217, 119, 6],
  critical: [207, 34, 46],
  unknown: [125, 133, 144],
};

/** How many samples per pixel and axis smooth the edges. */
const SAMPLES = 4;

/**
 * Draws the status icon: disc (ok), triangle (warning), square (critical), ring (unknown).
 *
 * Drawn and not loaded, so that every size and state is sharp and the app carries no set of images.
 *
 * @param size edge in pixels
 * @returns premultiplied BGRA rows, top first, as Electron's `nativeImage.createFromBitmap` takes them
 */
export function drawStatusIcon(status: IconStatus, size: number): Uint8Array {
  const [red, green, blue] = colours[status];
  const pixels = new Uint8Array(size * size * 4);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const cover = coverage(status, size, column, row);
      const offset = (row * size + column) * 4;
      pixels[offset] = Math.round(blue * cover);
      pixels[offset + 1] = Math.round(green * cover);
      pixels[offset + 2] = Math.round(red * cover);
      pixels[offset + 3] = Math.round(255 * cover);
    }
  }
  return pixels;
}

/** How much of one pixel the shape covers, 0 to 1. */
function coverage(status: IconStatus, size: number, column: number, row: number): number {
  let inside = 0;
  for (let down = 0; down < SAMPLES; down += 1) {
    for (let across = 0; across < SAMPLES; across += 1) {
      // Coordinates from -1 to 1, the centre of the icon at 0.
      const x = ((column + (across + 0.5) / SAMPLES) / size) * 2 - 1;
      const y = ((row + (down + 0.5) / SAMPLES) / size) * 2 - 1;
      if (isInside(status, x, y)) inside += 1;
    }
  }
  return inside / (SAMPLES * SAMPLES);
}

function isInside(status: IconStatus, x: number, y: number): boolean {
  switch (status) {
    case 'ok':
      return Math.hypot(x, y) <= 0.82;
    case 'warning':
      return y <= 0.8 && y >= -0.86 && Math.abs(x) <= ((y + 0.86) / 1.66) * 0.96;
    case 'critical':
      return Math.max(Math.abs(x), Math.abs(y)) <= 0.78;
    case 'unknown': {
      const radius = Math.hypot(x, y);
      return radius <= 0.82 && radius >= 0.5;
    }
  }
}
