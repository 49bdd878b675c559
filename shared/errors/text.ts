/** A sentence in both languages of the console; the reader's locale picks one. */
export type Bilingual = { readonly zh: string; readonly en: string };

/** The two languages of the console. Chinese is the default. */
export type Locale = keyof Bilingual;

/** Values that may stand in for `{name}` in a sentence; a bilingual one goes into each language by itself. */
export type TextParams = Readonly<Record<string, string | number | Bilingual>>;

/**
 * Fills `{name}` placeholders of a sentence in both languages.
 *
 * A placeholder without a value stays visible as `{name}`: a hole in a sentence must be seen, not hidden.
 */
export function fillText(text: Bilingual, params: TextParams): Bilingual {
  const fill = (locale: Locale): string =>
    text[locale].replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = params[name];
      if (value === undefined) return hole;
      return typeof value === 'object' ? value[locale] : String(value);
    });
  return { zh: fill('zh'), en: fill('en') };
}
