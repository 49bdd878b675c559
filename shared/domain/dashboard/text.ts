import * as z from 'zod';

/** A text that a person reads: one for both languages, or one for each. What people write is one; built-ins have both. */
export type Localized = string | { readonly zh: string; readonly en: string };

/** The schema of a text of at most so many UTF-16 units. */
export function localized(most: number) {
  return z.union([
    z.string().max(most),
    z.strictObject({ zh: z.string().max(most), en: z.string().max(most) }),
  ]);
}

/** The text in one language. */
export function localize(text: Localized, language: 'zh' | 'en'): string {
  return typeof text === 'string' ? text : text[language];
}

/** A title of one line. */
export const titleSchema = localized(300);
