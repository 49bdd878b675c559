import type { CSSProperties } from 'react';
import type { DashboardColor } from '#shared/domain/dashboard/field.ts';
import { type PaletteName, palettes, seriesColours } from '../app/theme.ts';
import type { StateName } from '../components/state-badge.tsx';

/** What a value is coloured with. A state is told by shape and word as well; any other colour is only a colour. */
export type Tint = { readonly state: StateName | null; readonly css: string | null };

export const NO_TINT: Tint = { state: null, css: null };

/** A colour of a dashboard as the canvas takes it, in a look of the console; null for "as everything else". */
export function colourIn(colour: DashboardColor, palette: PaletteName): string | null {
  const colours = palettes[palette];
  switch (colour) {
    case 'ok':
    case 'warning':
    case 'critical':
    case 'unknown':
    case 'accent':
      return colours[colour];
    case 'neutral':
      return null;
  }
  if (colour.startsWith('#')) return colour;
  const series = seriesColours[palette];
  return series[Number(colour.slice('palette-'.length)) % series.length] ?? null;
}

/** The tint of a colour. */
export function tintOf(colour: DashboardColor, palette: PaletteName): Tint {
  const state =
    colour === 'ok' || colour === 'warning' || colour === 'critical' || colour === 'unknown' ? colour : null;
  return { state, css: colourIn(colour, palette) };
}

/** Puts a tint on an element: whatever takes the text's colour has it then. */
export function tintStyle(tint: Tint): { style?: CSSProperties } {
  return tint.css === null ? {} : { style: { color: tint.css } };
}
