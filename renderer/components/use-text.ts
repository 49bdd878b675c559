import { useCallback } from 'react';
import type { Bilingual } from '#shared/errors/index.ts';
import { localeOf } from '../locales/index.ts';
import { useTranslation } from '../locales/use-translation.ts';

/** A function that picks the sentence of the present language from a bilingual text of the engine. */
export function useText(): (text: Bilingual) => string {
  const { i18n } = useTranslation();
  const locale = localeOf(i18n.language);
  return useCallback((text) => text[locale], [locale]);
}
