import { describe, expect, it } from 'vitest';
import { type Palette, palettes, seriesColours } from '../../../renderer/app/theme.ts';

/** Relative luminance of `#rrggbb` (WCAG 2.2, definition of contrast ratio). */
function luminance(colour: string): number {
  const channel = (from: number): number => {
    const share = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const words: readonly (keyof Palette)[] = [
  'text',
  'textSoft',
  'accent',
  'ok',
  'warning',
  'critical',
  'unknown',
  'unwatched',
];
const grounds: readonly (keyof Palette)[] = ['ground', 'surface', 'raised'];

describe.each(Object.entries(palettes))('the %s palette', (name, palette) => {
  it('keeps 4.5:1 for every word on every ground', () => {
    const weak = words.flatMap((word) =>
      grounds
        .filter((ground) => contrast(palette[word], palette[ground]) < 4.5)
        .map((ground) => `${word} on ${ground}`),
    );
    expect(weak).toEqual([]);
  });

  it('keeps 4.5:1 on its tinted notices and on the accent', () => {
    expect(contrast(palette.text, palette.criticalSoft)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.text, palette.warningSoft)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.textSoft, palette.criticalSoft)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.textSoft, palette.okSoft)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.text, palette.accentSoft)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.onAccent, palette.accent)).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps 3:1 for borders of controls and for the lines of charts', () => {
    expect(contrast(palette.lineStrong, palette.surface)).toBeGreaterThanOrEqual(3);
    const lines = seriesColours[name as keyof typeof seriesColours];
    expect(lines.filter((colour) => contrast(colour, palette.surface) < 3)).toEqual([]);
  });
});
