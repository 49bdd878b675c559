import { useTranslation } from '../../locales/use-translation.ts';
import { setLanguage, setTheme, type ThemeChoice, usePreferences } from '../../stores/preferences.ts';

const themes: readonly ThemeChoice[] = ['system', 'light', 'dark', 'contrast'];

/** Language and theme of this workstation. */
export function AppearanceSection() {
  const { t } = useTranslation();
  const language = usePreferences((state) => state.language);
  const choice = usePreferences((state) => state.themeChoice);
  return (
    <div className="stack">
      <fieldset className="settings-choices">
        <legend>{t('settings:appearance.language')}</legend>
        <label>
          <input
            type="radio"
            name="language"
            checked={language === 'zh-CN'}
            onChange={() => setLanguage('zh-CN')}
          />
          <span lang="zh-CN">中文</span>
        </label>
        <label>
          <input
            type="radio"
            name="language"
            checked={language === 'en'}
            onChange={() => setLanguage('en')}
          />
          <span lang="en">English</span>
        </label>
      </fieldset>
      <fieldset className="settings-choices">
        <legend>{t('settings:appearance.theme')}</legend>
        {themes.map((theme) => (
          <label key={theme}>
            <input type="radio" name="theme" checked={choice === theme} onChange={() => setTheme(theme)} />
            {t(`common:top.theme_${theme}`)}
          </label>
        ))}
      </fieldset>
    </div>
  );
}
