import { nativeTheme } from 'electron';
import type { Theme, ThemeChoice } from '#shared/contract/shell.ts';

/** What Chromium is told for a choice: the console's own contrast palette is a dark one. */
const sources = { system: 'system', light: 'light', dark: 'dark', contrast: 'dark' } as const;

/** Puts a choice into force for native parts and for the page's media queries. */
export function applyTheme(choice: ThemeChoice): void {
  nativeTheme.themeSource = sources[choice];
}

/** What the choice amounts to now. */
export function currentTheme(choice: ThemeChoice): Theme {
  return {
    choice,
    dark: nativeTheme.shouldUseDarkColors,
    highContrast: choice === 'contrast' || (choice === 'system' && nativeTheme.shouldUseHighContrastColors),
  };
}

/** The page's ground colour (renderer/app/theme.ts), shown until the page draws itself. */
export function groundColour(theme: Theme): string {
  if (theme.highContrast) return '#000000';
  return theme.dark ? '#14181d' : '#f2f4f6';
}
