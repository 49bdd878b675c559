/** The three looks of the console. */
export type PaletteName = 'light' | 'dark' | 'contrast';

/** Colours of one look. Every text colour keeps 4.5:1 against `surface` and `ground` (WCAG 2.2, 1.4.3). */
export type Palette = {
  readonly ground: string;
  readonly surface: string;
  readonly raised: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly textSoft: string;
  readonly accent: string;
  readonly accentSoft: string;
  readonly onAccent: string;
  readonly ok: string;
  readonly warning: string;
  readonly critical: string;
  readonly unknown: string;
  readonly unwatched: string;
  readonly warningSoft: string;
  readonly criticalSoft: string;
  readonly okSoft: string;
  readonly focus: string;
};

/** The palettes; the only place where a colour of the interface is written. */
export const palettes: Readonly<Record<PaletteName, Palette>> = {
  light: {
    ground: '#f2f4f6',
    surface: '#ffffff',
    raised: '#f8f9fa',
    line: '#dce0e5',
    lineStrong: '#8a939e',
    text: '#1b2128',
    textSoft: '#545e69',
    accent: '#1a5fb4',
    accentSoft: '#e3edf9',
    onAccent: '#ffffff',
    ok: '#1c7038',
    warning: '#8a5300',
    critical: '#b3201b',
    unknown: '#545e69',
    unwatched: '#6a4f96',
    warningSoft: '#fff4dd',
    criticalSoft: '#fdecea',
    okSoft: '#e8f5ec',
    focus: '#1a5fb4',
  },
  dark: {
    ground: '#14181d',
    surface: '#1b2027',
    raised: '#222831',
    line: '#323a45',
    lineStrong: '#758190',
    text: '#e4e8ed',
    textSoft: '#a3adb9',
    accent: '#78b0f5',
    accentSoft: '#223550',
    onAccent: '#0c1420',
    ok: '#62c583',
    warning: '#f0b44c',
    critical: '#ff8a80',
    unknown: '#a3adb9',
    unwatched: '#bfa4ec',
    warningSoft: '#3a2f18',
    criticalSoft: '#432323',
    okSoft: '#1e3527',
    focus: '#78b0f5',
  },
  contrast: {
    ground: '#000000',
    surface: '#000000',
    raised: '#000000',
    line: '#ffffff',
    lineStrong: '#ffffff',
    text: '#ffffff',
    textSoft: '#ffffff',
    accent: '#ffe14d',
    accentSoft: '#332c00',
    onAccent: '#000000',
    ok: '#7dff9e',
    warning: '#ffd24d',
    critical: '#ff9c94',
    unknown: '#ffffff',
    unwatched: '#dcc4ff',
    warningSoft: '#1f1900',
    criticalSoft: '#260400',
    okSoft: '#00210b',
    focus: '#ffe14d',
  },
};

/** Series colours of charts, one list a look; told apart by colour-blind eyes (Okabe and Ito, 2008, adjusted). */
export const seriesColours: Readonly<Record<PaletteName, readonly string[]>> = {
  light: ['#0b62a8', '#c2500a', '#00805e', '#a5317f', '#7a6400', '#5a4fb0', '#3f7d12', '#9a2b2b'],
  dark: ['#5fb0ee', '#f0955a', '#3ccfa4', '#e58bc6', '#e0c341', '#a59cf0', '#9fd36a', '#f09a9a'],
  contrast: ['#66c2ff', '#ffb380', '#4dffcc', '#ff99dd', '#ffee66', '#c4bbff', '#b8ff80', '#ffb0b0'],
};

/** Puts a palette into force as custom properties of the document. */
export function applyPalette(name: PaletteName): void {
  const root = document.documentElement;
  root.dataset.theme = name;
  root.style.colorScheme = name === 'light' ? 'light' : 'dark';
  for (const [key, colour] of Object.entries(palettes[name])) {
    root.style.setProperty(`--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, colour);
  }
}
