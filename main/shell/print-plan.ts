import type { PrintToPDFOptions } from 'electron';
import type { Language, PrintedDocument } from '#shared/contract/shell.ts';
import { appOrigin } from './content-policy.ts';

/** The address of a document inside the app. Every part is encoded: a kind or an id cannot lead anywhere else. */
export function printAddress({ kind, id, lang }: PrintedDocument): string {
  const rest = id === undefined ? '' : `/${encodeURIComponent(id)}`;
  return `${appOrigin}/print/${encodeURIComponent(kind)}${rest}?lang=${lang}`;
}

/** What stands in the margins of every page. */
export type PageMargins = {
  /** In the foot, beside the page number. */
  readonly title: string;
  /** In the head: the site and its classification label. */
  readonly head: string;
  readonly lang: Language;
};

const pageWords: Readonly<Record<Language, string>> = {
  'zh-CN': '第 <span class="pageNumber"></span> 页，共 <span class="totalPages"></span> 页',
  en: 'page <span class="pageNumber"></span> of <span class="totalPages"></span>',
};

/** A4 with a head and a numbered foot. Chromium fills the classes `pageNumber` and `totalPages` in. */
export function pdfOptions({ title, head, lang }: PageMargins): PrintToPDFOptions {
  return {
    pageSize: 'A4',
    printBackground: true,
    // Inches; the margins hold head and foot, so they must not be smaller than those are high.
    margins: { top: 0.7, bottom: 0.75, left: 0.6, right: 0.6 },
    displayHeaderFooter: true,
    headerTemplate: marginLine(lang, escapeHtml(head), ''),
    footerTemplate: marginLine(lang, escapeHtml(title), pageWords[lang]),
    // Readers of the file can jump to headings, and a screen reader finds them.
    generateTaggedPDF: true,
    generateDocumentOutline: true,
  };
}

/** Head and foot are pages of their own to Chromium: they know none of the document's styles. */
function marginLine(lang: Language, left: string, right: string): string {
  const font = "8pt 'Noto Sans','Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif";
  const line = `width:100%;margin:0 0.6in;display:flex;justify-content:space-between;gap:16px;font:${font};color:#333`;
  return `<div lang="${lang}" style="${line}"><span>${left}</span><span>${right}</span></div>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
