import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { KeyHint } from '../components/key-hint.tsx';
import { absoluteText } from '../components/time.ts';
import { rangeNames, useTimeRange } from '../components/use-time-range.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { setLanguage, setTheme, type ThemeChoice, usePreferences } from '../stores/preferences.ts';
import { useSite } from '../stores/site.ts';
import { useFloating } from './floating-store.ts';

/** Site name and label, time range, live or paused, search, language, theme. */
export function TopBar() {
  const { t } = useTranslation();
  const siteName = useSite((state) => state.status?.siteName ?? '');
  const classification = useSite((state) => state.status?.classification ?? '');
  return (
    <header className="top">
      <div className="top-site">
        <span className="top-name" title={siteName}>
          {siteName || t('common:top.siteUnnamed')}
        </span>
        {classification && <span className="classification">{classification}</span>}
      </div>
      <RangeControl />
      <button
        type="button"
        className="top-search"
        onClick={() => useFloating.setState({ open: 'palette' })}
        aria-keyshortcuts="Control+K"
      >
        <Icon name="search" size={14} />
        <span>{t('common:top.search')}</span>
        <KeyHint keys="Ctrl+K" />
      </button>
      <div className="top-right">
        <LanguageControl />
        <ThemeControl />
        <Button
          kind="quiet"
          aria-keyshortcuts="F1"
          title="F1"
          onClick={() => useFloating.setState({ open: 'help' })}
        >
          <Icon name="help" /> {t('common:top.help')}
        </Button>
      </div>
    </header>
  );
}

function RangeControl() {
  const { t } = useTranslation();
  const range = useTimeRange();
  return (
    <div className="top-range">
      <select
        className="input"
        aria-label={t('common:top.range')}
        value={range.name ?? 'custom'}
        onChange={(event) => {
          const name = rangeNames.find((known) => known === event.target.value);
          if (name) range.setNamed(name);
          else useFloating.setState({ open: 'range' });
        }}
      >
        {range.name === null && (
          <option value="custom">
            {absoluteText(range.start)} – {absoluteText(range.end)}
          </option>
        )}
        {/* A native list cannot tell that its present entry was chosen again; "pick" is never the present one. */}
        {rangeNames.map((name) => (
          <option key={name} value={name}>
            {t(`common:ranges.${name}`)}
          </option>
        ))}
        <option value="pick">{t('common:top.range_custom')}</option>
      </select>
      <Button
        className={range.live ? 'live' : 'paused'}
        aria-pressed={range.live}
        title={range.live ? t('common:top.pauseHint') : t('common:top.resumeHint')}
        onClick={() => range.setLive(!range.live)}
      >
        <Icon name={range.live ? 'pause' : 'play'} size={12} />
        {range.live ? t('common:top.live') : t('common:top.paused')}
      </Button>
    </div>
  );
}

function LanguageControl() {
  const { t } = useTranslation();
  const language = usePreferences((state) => state.language);
  return (
    <select
      className="input"
      aria-label={t('common:top.language')}
      value={language}
      onChange={(event) => setLanguage(event.target.value === 'en' ? 'en' : 'zh-CN')}
    >
      <option value="zh-CN" lang="zh-CN">
        中文
      </option>
      <option value="en" lang="en">
        English
      </option>
    </select>
  );
}

const themes: readonly ThemeChoice[] = ['system', 'light', 'dark', 'contrast'];

function ThemeControl() {
  const { t } = useTranslation();
  const choice = usePreferences((state) => state.themeChoice);
  return (
    <select
      className="input"
      aria-label={t('common:top.theme')}
      value={choice}
      onChange={(event) => setTheme(themes.find((known) => known === event.target.value) ?? 'system')}
    >
      {themes.map((theme) => (
        <option key={theme} value={theme}>
          {t(`common:top.theme_${theme}`)}
        </option>
      ))}
    </select>
  );
}
