import { app, nativeTheme } from 'electron';
import type { Language, Theme, ThemeChoice } from '#shared/contract/shell.ts';
import type { SettingsStore } from './settings-store.ts';
import { systemLanguage } from './start-options.ts';
import { applyTheme, currentTheme } from './theme.ts';

/** Language and theme of this workstation's user, as they are now. */
export type Preferences = {
  readonly language: () => Language;
  readonly setLanguage: (language: Language) => void;
  readonly theme: () => Theme;
  readonly setTheme: (choice: ThemeChoice) => void;
  readonly onLanguage: (listener: () => void) => void;
  /** Hears the operator's choice as well as a change of the operating system. */
  readonly onTheme: (listener: (theme: Theme) => void) => void;
};

/**
 * Reads the preferences and puts them into force.
 *
 * @param forThisRun a language from the command line; it holds until the operator chooses another one
 */
export function createPreferences(settings: SettingsStore, forThisRun: Language | null): Preferences {
  let language = forThisRun ?? settings.get().language ?? systemLanguage(app.getPreferredSystemLanguages());
  const languageListeners: (() => void)[] = [];
  const themeListeners: ((theme: Theme) => void)[] = [];
  const theme = (): Theme => currentTheme(settings.get().theme);
  const tellTheme = (): void => {
    for (const listener of themeListeners) listener(theme());
  };
  applyTheme(settings.get().theme);
  nativeTheme.on('updated', tellTheme);
  return {
    language: () => language,
    setLanguage: (next) => {
      language = next;
      settings.change({ language: next });
      for (const listener of languageListeners) listener();
    },
    theme,
    setTheme: (choice) => {
      settings.change({ theme: choice });
      applyTheme(choice);
      // Electron reports nothing when only the console's own contrast palette comes or goes.
      tellTheme();
    },
    onLanguage: (listener) => void languageListeners.push(listener),
    onTheme: (listener) => void themeListeners.push(listener),
  };
}
