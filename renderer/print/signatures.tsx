import { type TextKey, useTranslation } from '../locales/use-translation.ts';

/** The foot of a document that two people sign: a line for each, with what they sign as. */
export function Signatures({ first, second }: { readonly first: TextKey; readonly second: TextKey }) {
  const { t } = useTranslation();
  return (
    <footer className="print-signatures">
      <span>{t(first)}</span>
      <span>{t(second)}</span>
    </footer>
  );
}
