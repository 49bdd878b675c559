/** Is told where something to hide stands, in UTF-16 units. */
export type Found = (start: number, end: number) => void;
/** Finds what one rule hides. Linear in the length of the text, whatever it is. */
export type Finder = (text: string, found: Found) => void;

const PASSWORD_WORDS = /password|passwd|passphrase|(?<![a-z])pass(?![a-z])|pwd|identified by|密码|口令/gi;
const TOKEN_WORDS =
  /token(?!s\b|iz)|secret|api[-_ ]?key|access[-_]?key|private[-_]?key|secret[-_]?key|authorization|(?:set-)?cookie|credential|session[-_]?id|密钥|令牌/gi;
const PASSWORD_NAME = /password|passwd|passphrase|^pass$|[-_.]pass$|pwd|密码|口令/i;
const TOKEN_NAME =
  /token(?!s$|iz)|secret|api[-_ ]?key|access[-_]?key|private[-_]?key|authorization|cookie|credential|session[-_]?id|密钥|令牌/i;

/** Longest rest of a name after its tell-tale word, as in `password_of_the_database`. */
const LONGEST_REST = 40;
const NAME_CHAR = /[\w-]/;
const VALUE_END = /[\s,;&)\]}"'<>，；。、）]/;
/** Longest beginning of an element's name before its tell-tale word, as in `<soap:userPassword>`. */
const LONGEST_PREFIX = 60;
/** Longest attributes of an element that are looked past, as in `<wsse:Password Type="…#PasswordText">`. */
const LONGEST_ATTRIBUTES = 300;

/**
 * Finds the values behind names such as `password=`, `"pwd": "…"`, `--password …`, `密码：…`, `<password>`, and in
 * `//user:…@host`.
 */
export const findPasswords: Finder = (text, found) => {
  findValues(text, PASSWORD_WORDS, found);
  findLogins(text, found);
};

/** Finds the values behind names such as `token=`, `api_key:`, `Authorization:`, `Cookie:`. */
export const findTokenValues: Finder = (text, found) => findValues(text, TOKEN_WORDS, found);

/** Says whether the field's name alone tells that its value is a password. */
export function isPasswordName(name: string): boolean {
  return PASSWORD_NAME.test(name);
}

/** Says whether the field's name alone tells that its value is a token, key or cookie. */
export function isTokenName(name: string): boolean {
  return TOKEN_NAME.test(name);
}

function findValues(text: string, words: RegExp, found: Found): void {
  words.lastIndex = 0;
  for (let match = words.exec(text); match !== null; match = words.exec(text)) {
    const end = valueAfter(text, match, found);
    if (end > words.lastIndex) words.lastIndex = end;
  }
}

/** Looks for a separator and a value behind a tell-tale word; returns where the search may go on. */
function valueAfter(text: string, match: RegExpExecArray, found: Found): number {
  const word = match[0].toLowerCase();
  let at = match.index + word.length;
  const nameEnd = at + LONGEST_REST;
  while (at < nameEnd && NAME_CHAR.test(text[at] ?? '')) at += 1;
  at = skipQuote(text, at);
  const spaced = skipSpaces(text, at);
  const option = text.startsWith('--', match.index - 2) || word === 'identified by';
  if (beginsElement(text, match.index)) {
    const open = elementText(text, at);
    if (open >= 0) return contentOf(text, open, found);
  }
  const separator = separatorAt(text, spaced);
  // `--password VALUE` and `IDENTIFIED BY 'VALUE'` have nothing but a space between.
  if (separator === 0 && !(option && spaced > at)) return at;
  at = skipSpaces(text, spaced + separator);
  if (at >= text.length) return at;
  const quote = openQuote(text, at);
  if (quote !== '') {
    const start = at + quote.length;
    const end = closeQuote(text, start, quote);
    if (end > start) found(start, end);
    return end;
  }
  let end: number;
  if (word.endsWith('cookie')) end = lineEnd(text, at);
  else {
    end = separator === ENCODED.length ? encodedEnd(text, at) : valueEnd(text, at);
    // `Authorization: Bearer abc` has its secret in the second word.
    if (word === 'authorization' && /^[A-Za-z][\w-]*$/.test(text.slice(at, end)) && text[end] === ' ')
      end = valueEnd(text, skipSpaces(text, end));
  }
  if (end > at) found(at, end);
  return end;
}

/** `=` as it stands in the address of an address. */
const ENCODED = '%3d';

function separatorAt(text: string, at: number): number {
  if (text.startsWith('=>', at) || text.startsWith(':=', at) || text.startsWith('->', at)) return 2;
  if (text[at] === '%' && text.slice(at, at + ENCODED.length).toLowerCase() === ENCODED)
    return ENCODED.length;
  return '=:：＝为是'.includes(text[at] ?? ' ') ? 1 : 0;
}

/** Whether the name that a word belongs to begins an element: `<password`, `<soap:userPassword`. */
function beginsElement(text: string, word: number): boolean {
  let at = word - 1;
  while (at > word - LONGEST_PREFIX && /[\w:.-]/.test(text[at] ?? '')) at -= 1;
  return text[at] === '<';
}

/** Where the text of an element begins, whose name ends at `from`: behind its attributes; -1 when it has none. */
function elementText(text: string, from: number): number {
  const rest = /^(?:\s[^<>]*)?>/.exec(text.slice(from, from + LONGEST_ATTRIBUTES))?.[0];
  return rest === undefined || rest.endsWith('/>') ? -1 : from + rest.length;
}

const CDATA = '<![CDATA[';

/** Hides the text of an element; of one that does not end here, its first word. Returns where it ends. */
function contentOf(text: string, at: number, found: Found): number {
  const isData = text.startsWith(CDATA, at);
  const start = isData ? at + CDATA.length : at;
  const close = text.indexOf(isData ? ']]>' : '<', start);
  const end = close >= 0 ? close : isData ? text.length : valueEnd(text, start);
  if (end > start) found(start, end);
  return end;
}

function encodedEnd(text: string, from: number): number {
  const value = text.slice(from, valueEnd(text, from));
  const next = value.indexOf('%26');
  return from + (next < 0 ? value.length : next);
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
}

/** Passes the closing quote of a quoted name, escaped or not. */
function skipQuote(text: string, from: number): number {
  let at = from;
  while (text[at] === '\\') at += 1;
  return text[at] === '"' || text[at] === "'" || text[at] === '`' || text[at] === ']' ? at + 1 : from;
}

/** The quote that opens a value, with its backslashes; empty when the value is not quoted. */
function openQuote(text: string, from: number): string {
  let at = from;
  while (text[at] === '\\') at += 1;
  return text[at] === '"' || text[at] === "'" || text[at] === '`' ? text.slice(from, at + 1) : '';
}

function closeQuote(text: string, from: number, quote: string): number {
  if (quote.length > 1) {
    const end = text.indexOf(quote, from);
    return end < 0 ? text.length : end;
  }
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

function valueEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !VALUE_END.test(text[at] ?? ' ')) at += 1;
  return at;
}

function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '\n' && text[at] !== '"') at += 1;
  return at;
}

/** Longest login in an address. */
const LONGEST_LOGIN = 300;

/** Finds the passwords of addresses: `scheme://user:password@host`. */
function findLogins(text: string, found: Found): void {
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    let colon = -1;
    let last = -1;
    for (let i = at + 3; i < text.length && i < at + LONGEST_LOGIN; i += 1) {
      const char = text[i] ?? ' ';
      if (char === ':' && colon < 0) colon = i;
      else if (char === '@') last = i;
      else if (char === '/' || char === '"' || char <= ' ') break;
    }
    if (colon > 0 && last > colon + 1) found(colon + 1, last);
  }
}
