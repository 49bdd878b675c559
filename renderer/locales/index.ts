import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Locale } from '#shared/errors/index.ts';
import { en } from './en/index.ts';
import { zhCN } from './zh-CN/index.ts';

/** The languages of the interface. */
export type Language = 'zh-CN' | 'en';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: typeof zhCN;
  }
}

/** The translator; both languages are in the bundle, because there is no network to fetch one from. */
export const i18n = i18next.createInstance();

void i18n.use(initReactI18next).init({
  lng: 'zh-CN',
  fallbackLng: false,
  supportedLngs: ['zh-CN', 'en'],
  ns: Object.keys(zhCN),
  defaultNS: 'common',
  resources: { 'zh-CN': zhCN, en },
  initAsync: false,
  interpolation: { escapeValue: false },
  returnNull: false,
});

/** The key of a bilingual text of the engine for a language. */
export function localeOf(language: string): Locale {
  return language === 'en' ? 'en' : 'zh';
}
