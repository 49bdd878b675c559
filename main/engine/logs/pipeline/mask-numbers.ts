import type { Finder, Found } from './mask-secrets.ts';

/** A run of digits that may be grouped by single spaces or hyphens. */
type Run = { readonly start: number; readonly end: number; readonly digits: string };

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letters, digits and the underscore: a number beside one of them is part of something longer. */
function isWord(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}

/** Part of a longer number: `3.14`, `1,000`. */
function isFraction(text: string, start: number): boolean {
  return text[start - 1] === '.' && isDigit(text.charCodeAt(start - 2));
}

/** No number that is looked for has fewer digits. */
const FEWEST_DIGITS = 11;

/**
 * Calls back for every run of at least {@link FEWEST_DIGITS} digits. `grouped`: groups with one space or hyphen between them are
 * one run.
 */
function eachRun(text: string, grouped: boolean, visit: (run: Run) => void): void {
  const { length } = text;
  let at = 0;
  while (at < length) {
    if (!isDigit(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const start = at;
    let gaps = 0;
    for (;;) {
      while (at < length && isDigit(text.charCodeAt(at))) at += 1;
      const code = text.charCodeAt(at);
      if (!grouped || (code !== 32 && code !== 45) || !isDigit(text.charCodeAt(at + 1))) break;
      at += 1;
      gaps += 1;
    }
    if (at - start - gaps < FEWEST_DIGITS) continue;
    const run = text.slice(start, at);
    visit({ start, end: at, digits: gaps === 0 ? run : run.replace(/[ -]/g, '') });
  }
}

const MOBILE = /^(?:(?:00)?86)?(1[3-9]\d{9})$/;
const GROUPED_MOBILE = /(?:86[ -])?1[3-9]\d[ -]\d{4}[ -]\d{4}/g;

/** Finds mobile numbers of mainland China: `13812345678`, `+86 138-1234-5678`. */
export const findPhones: Finder = (text, found) => {
  eachRun(text, false, ({ start, end, digits }) => {
    if (digits.length < 11 || digits.length > 15 || !MOBILE.test(digits)) return;
    if (isWord(text.charCodeAt(start - 1)) || isWord(text.charCodeAt(end)) || isFraction(text, start)) return;
    found(start, end);
  });
  GROUPED_MOBILE.lastIndex = 0;
  for (let match = GROUPED_MOBILE.exec(text); match !== null; match = GROUPED_MOBILE.exec(text)) {
    const end = match.index + match[0].length;
    if (!isWord(text.charCodeAt(match.index - 1)) && !isWord(text.charCodeAt(end))) found(match.index, end);
  }
};

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS = '10X98765432';

/**
 * Says whether 18 characters are a Chinese identity number: a date of birth that exists, and the check character of GB
 * 11643-1999 (ISO 7064 MOD 11-2).
 */
export function isIdNumber(text: string): boolean {
  if (!/^[1-9]\d{16}[\dXx]$/.test(text)) return false;
  const year = Number(text.slice(6, 10));
  const month = Number(text.slice(10, 12));
  const day = Number(text.slice(12, 14));
  if (year < 1850 || year > 2150 || month < 1 || month > 12) return false;
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return false;
  const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(text[index]), 0);
  return ID_CHECKS[sum % 11] === text[17]?.toUpperCase();
}

/** Finds Chinese identity numbers by their checksum. */
export const findIdNumbers: Finder = (text, found) => {
  eachRun(text, false, ({ start, end, digits }) => {
    const ends = digits.length === 17 && /[Xx]/.test(text[end] ?? '') ? end + 1 : end;
    if (ends - start !== 18 || isWord(text.charCodeAt(start - 1)) || isWord(text.charCodeAt(ends))) return;
    if (isIdNumber(text.slice(start, ends))) found(start, ends);
  });
};

/** The check of Luhn over a string of digits (ISO/IEC 7812-1). */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const twice = digit * 2;
    sum += i % 2 === 0 ? digit : twice > 9 ? twice - 9 : twice;
  }
  return sum % 10 === 0;
}

/** Finds numbers of payment cards: 15 to 19 digits, also in groups, that pass the check of Luhn. */
export const findBankCards: Finder = (text, found) => {
  const card = ({ start, end, digits }: Run, report: Found): void => {
    if (digits.length < 15 || digits.length > 19 || !/^[2-6]/.test(digits)) return;
    if (isWord(text.charCodeAt(start - 1)) || isWord(text.charCodeAt(end)) || isFraction(text, start)) return;
    if (passesLuhn(digits)) report(start, end);
  };
  eachRun(text, false, (run) => card(run, found));
  eachRun(text, true, (run) => {
    if (run.end - run.start !== run.digits.length) card(run, found);
  });
};
