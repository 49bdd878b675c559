import { theme as antdTheme, ConfigProvider, type ThemeConfig } from 'antd';
import enUS from 'antd/es/locale/en_US.js';
import zhCN from 'antd/es/locale/zh_CN.js';
import type { ReactNode } from 'react';
import { usePreferences } from '../stores/preferences.ts';
import { shell } from './shell.ts';
import { type PaletteName, palettes } from './theme.ts';

function themeOf(name: PaletteName): ThemeConfig {
  const colours = palettes[name];
  return {
    algorithm: [
      name === 'light' ? antdTheme.defaultAlgorithm : antdTheme.darkAlgorithm,
      antdTheme.compactAlgorithm,
    ],
    token: {
      colorPrimary: colours.accent,
      colorSuccess: colours.ok,
      colorWarning: colours.warning,
      colorError: colours.critical,
      colorInfo: colours.accent,
      colorTextBase: colours.text,
      colorTextSecondary: colours.textSoft,
      colorTextDescription: colours.textSoft,
      colorTextPlaceholder: colours.textSoft,
      colorBgBase: colours.surface,
      colorBgContainer: colours.surface,
      colorBgElevated: colours.raised,
      colorBorder: colours.lineStrong,
      colorBorderSecondary: colours.line,
      colorLink: colours.accent,
      colorTextLightSolid: colours.onAccent,
      fontFamily: 'inherit',
      fontSize: 13,
      borderRadius: 3,
      motionDurationFast: '0.06s',
      motionDurationMid: '0.09s',
      motionDurationSlow: '0.12s',
      // Chromium reports the system's wish; the console's own styles follow the same media query.
      motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      boxShadow: 'none',
      boxShadowTertiary: 'none',
    },
  };
}

/** Ant Design in the console's colours and language, for the pages that use its parts. */
export function AntdScope({ children }: { readonly children: ReactNode }) {
  const language = usePreferences((state) => state.language);
  const palette = usePreferences((state) => state.palette);
  const nonce = shell()?.styleNonce();
  return (
    <ConfigProvider
      locale={language === 'en' ? enUS : zhCN}
      theme={themeOf(palette)}
      wave={{ disabled: true }}
      {...(nonce ? { csp: { nonce } } : {})}
    >
      {children}
    </ConfigProvider>
  );
}
