import { useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../app/shell.ts';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import type { Language } from '../locales/index.ts';
import { useTranslation } from '../locales/use-translation.ts';

/** What a button prints. */
export type PdfButtonProps = {
  /** A key of `printRegistry`. */
  readonly kind: string;
  readonly id?: string;
  /** File name without language and extension; what a file name must not hold is replaced. */
  readonly name: string;
  readonly label?: string;
  /** Both languages unless told otherwise: the site reads Chinese, its vendors may not. */
  readonly languages?: readonly Language[];
};

const languageNames: Readonly<Record<Language, string>> = { 'zh-CN': '中文', en: 'English' };

/** A file name as every file system takes it. */
export function pdfName(name: string, lang: Language): string {
  const bare = name.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 120);
  return `${bare === '' ? 'document' : bare}.${lang}.pdf`;
}

/** Saves a document as PDF, a button for each language, and says where it lies or why it does not. */
export function PdfButton({ kind, id, name, label, languages = ['zh-CN', 'en'] }: PdfButtonProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const save = async (lang: Language): Promise<void> => {
    const desktop = shell();
    if (!desktop) {
      window.open(`/print/${kind}${id === undefined ? '' : `/${encodeURIComponent(id)}`}?lang=${lang}`);
      return;
    }
    setBusy(true);
    setSaved(null);
    const answer = await desktop.savePdf({
      kind,
      lang,
      suggestedName: pdfName(name, lang),
      ...(id === undefined ? {} : { id }),
    });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setSaved(answer.value);
  };
  return (
    <span className="row">
      {languages.map((lang) => (
        <Button key={lang} disabled={busy} onClick={() => void save(lang)}>
          {label ?? t('print:save')}
          {languages.length > 1 && ` · ${languageNames[lang]}`}
        </Button>
      ))}
      {(busy || saved !== null) && (
        <span className="soft" role="status">
          {busy ? t('print:busy') : t('print:saved', { path: saved ?? '' })}
        </span>
      )}
      {error && <ErrorNotice error={error} />}
    </span>
  );
}
