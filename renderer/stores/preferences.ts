import { create } from 'zustand';
import type { Theme } from '#shared/contract/shell.ts';
import { shell } from '../app/shell.ts';
import { applyPalette, type PaletteName } from '../app/theme.ts';
import { i18n, type Language } from '../locales/index.ts';

/** `system` follows the operating system, including its high-contrast setting. */
export type ThemeChoice = 'system' | PaletteName;

export type PreferencesState = {
  readonly language: Language;
  readonly themeChoice: ThemeChoice;
  /** What `themeChoice` amounts to at present. */
  readonly palette: PaletteName;
};

const THEME_KEY = 'hmtt.theme';

/** A stored theme choice; anything that is not one follows the system. */
function parseThemeChoice(text: string | null): ThemeChoice {
  return text === 'light' || text === 'dark' || text === 'contrast' ? text : 'system';
}

function systemPalette(): PaletteName {
  if (matchMedia('(forced-colors: active)').matches || matchMedia('(prefers-contrast: more)').matches)
    return 'contrast';
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function resolve(choice: ThemeChoice): PaletteName {
  return choice === 'system' ? systemPalette() : choice;
}

/**
 * Language and theme of this workstation's user. The desktop keeps both; the window keeps a copy of the theme, so
 * that its first frame already has the right colours.
 */
export const usePreferences = create<PreferencesState>(() => ({
  language: 'zh-CN',
  themeChoice: 'system',
  palette: 'light',
}));

/** Switches the language of the window, the menu and the tray at once. */
export function setLanguage(language: Language): void {
  applyLanguage(language);
  void shell()?.setLanguage(language);
}

/** Switches the theme. */
export function setTheme(themeChoice: ThemeChoice): void {
  localStorage.setItem(THEME_KEY, themeChoice);
  applyTheme(themeChoice);
  void shell()?.setTheme(themeChoice);
}

function applyLanguage(language: Language): void {
  usePreferences.setState({ language });
  void i18n.changeLanguage(language);
  document.documentElement.lang = language;
  document.title = i18n.t('common:appName');
}

function applyTheme(themeChoice: ThemeChoice): void {
  const palette = resolve(themeChoice);
  usePreferences.setState({ themeChoice, palette });
  applyPalette(palette);
}

/** Applies what the served document and the desktop say, and follows the system's theme from now on. */
export function startPreferences(): void {
  applyLanguage(document.documentElement.lang === 'en' ? 'en' : 'zh-CN');
  applyTheme(parseThemeChoice(localStorage.getItem(THEME_KEY)));
  const follow = (theme: Theme): void => {
    localStorage.setItem(THEME_KEY, theme.choice);
    applyTheme(theme.choice);
  };
  shell()?.onThemeChanged(follow);
  for (const query of [
    '(prefers-color-scheme: dark)',
    '(prefers-contrast: more)',
    '(forced-colors: active)',
  ]) {
    matchMedia(query).addEventListener('change', () => applyTheme(usePreferences.getState().themeChoice));
  }
}
