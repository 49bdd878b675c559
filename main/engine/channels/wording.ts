import type { ChannelLanguage } from '#shared/contract/channel-settings.ts';
import type { Severity } from '#shared/contract/site.ts';
import type { Bilingual } from '#shared/errors/index.ts';

/** A sentence in the language of a channel; in both, Chinese first, with something between them. */
export function inLanguage(text: Bilingual, language: ChannelLanguage, between: string): string {
  if (language !== 'both') return text[language];
  return text.zh === text.en ? text.zh : `${text.zh}${between}${text.en}`;
}

/** How severities are called. */
export const SEVERITY_WORDS: Readonly<Record<Severity, Bilingual>> = {
  critical: { zh: '严重', en: 'critical' },
  warning: { zh: '警告', en: 'warning' },
  info: { zh: '提示', en: 'info' },
};
