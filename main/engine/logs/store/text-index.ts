/** Runs of characters that are written without spaces between words. */
const CJK_CLASS = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}々〆ー';
const CJK_RUN = new RegExp(`[${CJK_CLASS}]+`, 'gu');
const CJK_CHAR = new RegExp(`^[${CJK_CLASS}]$`, 'u');
const CJK_ANY = new RegExp(`[${CJK_CLASS}]`, 'u');
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII, which begins at NUL.
const NOT_ASCII = /[^\u0000-\u007f]/;
// The classes overlap only in part: some signs of the Han script, such as radicals, are no letters.
const NOT_WORD = new RegExp(`[^\\0-\\x7f\\p{L}\\p{N}\\p{M}${CJK_CLASS}]+`, 'gu');
const WORD_CHAR = /^[\p{L}\p{N}\p{M}]$/u;

/** Says whether a character is written without spaces between words (Chinese, Japanese, Korean). */
export function isCjk(char: string): boolean {
  return CJK_CHAR.test(char);
}

/** Says whether a character belongs to a word that spaces or punctuation delimit. */
export function isWordChar(char: string): boolean {
  const code = char.charCodeAt(0);
  if (code < 128)
    return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return WORD_CHAR.test(char) && !CJK_CHAR.test(char);
}

/** `磁盘满` → `磁盘 盘满`; one character stays itself. Characters outside the BMP count as one. */
function pairs(run: string): string {
  const chars = [...run];
  if (chars.length === 1) return run;
  const list: string[] = [];
  for (let i = 1; i < chars.length; i += 1) list.push(`${chars[i - 1]}${chars[i]}`);
  return list.join(' ');
}

/**
 * Prepares text for the index's `ascii` tokenizer, which splits only at ASCII and folds only ASCII
 * (docs/logs-format.md, "Index text"). ASCII text is returned as it is.
 */
export function indexText(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
  const folded = text.toLowerCase().replace(NOT_WORD, ' ');
  return CJK_ANY.test(folded) ? folded.replace(CJK_RUN, (run) => ` ${pairs(run)} `) : folded;
}

/** The index terms that every text holding `text` as a word or phrase must have. `prefix` terms may go on. */
export type IndexTerm = { readonly term: string; readonly prefix: boolean };

/**
 * The terms that the index can be asked for to find texts in which `text` stands; empty when it cannot help (a single
 * Chinese character, or punctuation only).
 *
 * @param prefix whether the last word may go on after the text
 */
export function indexTerms(text: string, prefix: boolean): readonly IndexTerm[] {
  const terms: IndexTerm[] = [];
  const chars = [...text.toLowerCase()];
  let word = '';
  let run: string[] = [];
  const endWord = (open: boolean): void => {
    if (word !== '') terms.push({ term: word, prefix: open });
    word = '';
  };
  const endRun = (): void => {
    // A single character may stand inside a longer run, where only its pairs are indexed.
    for (let i = 1; i < run.length; i += 1) terms.push({ term: `${run[i - 1]}${run[i]}`, prefix: false });
    run = [];
  };
  for (const char of chars) {
    if (isCjk(char)) {
      endWord(false);
      run.push(char);
    } else {
      endRun();
      if (isWordChar(char)) word += char;
      else endWord(false);
    }
  }
  endRun();
  endWord(prefix);
  return terms;
}

/** What a text must hold, in index terms: with what a store is asked which blocks are worth opening. */
export type TermQuery =
  | ({ readonly kind: 'term' } & IndexTerm)
  | { readonly kind: 'and' | 'or'; readonly items: readonly TermQuery[] };

/** All of these terms; null when there is nothing to ask for. */
export function allTerms(terms: readonly IndexTerm[]): TermQuery | null {
  if (terms.length === 0) return null;
  return { kind: 'and', items: terms.map((term) => ({ kind: 'term', ...term })) };
}
