import type { Page } from 'playwright-core';
import { en } from '../../renderer/locales/en/index.ts';
import { zhCN } from '../../renderer/locales/zh-CN/index.ts';

/** One piece of visible text of the page. */
export type TextPiece = { readonly text: string; readonly where: string };

/**
 * Every visible text of the page: text nodes, names of controls, placeholders and tooltips. What is written in a
 * language of its own (`lang` on the element) or is data as it came (`code`, `.mono`, `[data-verbatim]`) is left out.
 */
export async function visibleTexts(page: Page): Promise<readonly TextPiece[]> {
  return page.evaluate(() => {
    const pieces: { text: string; where: string }[] = [];
    const own = document.documentElement.lang;
    const skip = (element: Element): boolean => {
      if (element.closest('code, pre, kbd, script, style, .mono, [data-verbatim]')) return true;
      const language = element.closest('[lang]')?.getAttribute('lang');
      return language !== null && language !== undefined && language !== own;
    };
    const put = (text: string | null, element: Element, from: string): void => {
      const trimmed = text?.trim() ?? '';
      if (trimmed === '' || skip(element)) return;
      const name = element.getAttribute('class') ?? '';
      pieces.push({ text: trimmed, where: `${element.tagName.toLowerCase()}.${name} ${from}` });
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement) put(node.textContent, node.parentElement, 'text');
    }
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
      for (const name of ['aria-label', 'placeholder']) put(element.getAttribute(name), element, name);
    }
    return pieces;
  });
}

function sentences(tree: object): readonly string[] {
  return Object.values(tree).flatMap((value) =>
    typeof value === 'string' ? [value] : sentences(value as object),
  );
}

const han = /\p{Script=Han}/u;
const chinese = new Set(sentences(zhCN));
/** English sentences that are not the same in Chinese; those with values in them cannot be compared. */
const english = new Set(sentences(en).filter((text) => !chinese.has(text) && !text.includes('{{')));

/** Names that stay as they are in every language. */
const names =
  /^(HMTT|CPU|TLS|CSV|URL|HTTPS?|SHA-256|PID|UTC|Esc|Alt|Ctrl|Enter|Tab|Prometheus|PromQL|Electron|Chromium|Node\.js)$/;

/** What is left in English on a page that speaks Chinese. */
export function untranslatedInChinese(pieces: readonly TextPiece[]): readonly string[] {
  return pieces
    .filter(({ text }) => {
      if (english.has(text)) return true;
      if (han.test(text)) return false;
      // Two English words in a row, without any Chinese around them, are a sentence that nobody translated.
      const words = text
        .split(/[\s,.:;()]+/)
        .filter((word) => /^[A-Za-z]{3,}$/.test(word) && !names.test(word));
      return words.length >= 2;
    })
    .map(({ text, where }) => `${where}: ${text}`);
}

/** What is left in Chinese on a page that speaks English. */
export function untranslatedInEnglish(pieces: readonly TextPiece[]): readonly string[] {
  return pieces
    .filter(({ text }) => han.test(text) && text !== zhCN.common.top.language && !text.includes('中文'))
    .map(({ text, where }) => `${where}: ${text}`);
}
