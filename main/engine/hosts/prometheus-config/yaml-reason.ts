import type { Bilingual } from '#shared/errors/index.ts';

/** What the parser's codes mean to the person who wrote the file. */
const REASONS: Readonly<Record<string, Bilingual>> = {
  TAB_AS_INDENT: { zh: '缩进使用了制表符', en: 'a tab is used to indent' },
  BAD_INDENT: { zh: '缩进不正确', en: 'the indentation is wrong' },
  MULTIPLE_DOCS: { zh: '文件含有不止一个文档（---）', en: 'there is more than one document (---)' },
  MISSING_CHAR: { zh: '缺少引号、括号或逗号', en: 'a quote, bracket or comma is missing' },
  UNEXPECTED_TOKEN: { zh: '此处的内容不应出现', en: 'this was not expected here' },
  BLOCK_AS_IMPLICIT_KEY: { zh: '缩进或冒号的位置不正确', en: 'the indentation or a colon is out of place' },
  BLOCK_IN_FLOW: { zh: '括号没有闭合', en: 'a bracket is not closed' },
  BAD_ALIAS: { zh: '引用（*）不正确', en: 'an alias (*) is wrong' },
  TAG_RESOLVE_FAILED: { zh: '不支持该标签（!）', en: 'this tag (!) is not known' },
};

/** Says in both languages why a text is not YAML; a rare reason in the parser's own words. */
export function yamlReason(problem: { readonly code: string; readonly message: string }): Bilingual {
  const own = problem.message.split('\n')[0] ?? problem.code;
  return REASONS[problem.code] ?? { zh: own, en: own };
}

/** Bounds within which the parser takes well under a second; a configuration of 10,000 targets lies far inside. */
const MOST_CHARACTERS = 1 << 19;
const LONGEST_LINE = 20_000;
const DEEPEST_BRACKETS = 100;

/**
 * Finds what would keep the parser busy for long: text too large, a line too long, or brackets too deep.
 *
 * @returns the 1-based line and the reason, or null
 */
export function tooMuch(text: string): { readonly line: number; readonly why: Bilingual } | null {
  if (text.length > MOST_CHARACTERS)
    return { line: 1, why: { zh: '文件超过 512 KiB', en: 'the file is larger than 512 KiB' } };
  let line = 1;
  let lineStart = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x0a) {
      line += 1;
      lineStart = at + 1;
    } else if (char === 0x5b || char === 0x7b) depth += 1;
    else if (char === 0x5d || char === 0x7d) depth = Math.max(0, depth - 1);
    if (at - lineStart >= LONGEST_LINE)
      return { line, why: { zh: '该行过长', en: `the line is longer than ${LONGEST_LINE} characters` } };
    if (depth > DEEPEST_BRACKETS)
      return { line, why: { zh: '括号嵌套过深', en: `brackets are nested deeper than ${DEEPEST_BRACKETS}` } };
  }
  return null;
}
