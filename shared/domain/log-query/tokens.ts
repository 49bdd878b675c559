/** What a piece of a query is; also the names by which an editor colours it. */
export type QueryTokenKind =
  | 'open'
  | 'close'
  | 'and'
  | 'or'
  | 'not'
  | 'word'
  | 'phrase'
  | 'regex'
  /** The name of a field with its operator; what it is compared with is the token behind it, without space between. */
  | 'field';

/** Why a piece cannot be read. */
export type TokenMistake = 'quote' | 'regex-end' | 'regex-flag';

/** One piece of a query. `from` and `to` count UTF-16 units from 0, as editors do. */
export type QueryToken = {
  readonly kind: QueryTokenKind;
  readonly from: number;
  readonly to: number;
  /** Of a word, phrase or regex: what is looked for. Of a field: its name, as it was typed. */
  readonly text: string;
  /** Of a field: `:`, `>`, `>=`, `<` or `<=`. */
  readonly operator?: string;
  /** Of a regex: written as `/…/i`. */
  readonly ignoreCase?: boolean;
  readonly mistake?: TokenMistake;
};

const SPACE = /\s+/y;
const FIELD = /([\p{L}_@][\p{L}\p{N}_.@-]*)([:：](?:>=|<=|>|<|＞＝|＜＝|＞|＜)?|[>＞][=＝]?|[<＜][=＝]?)/uy;
const WORD = /[^\s()（）"“”]+/y;
/** A name that may be followed by a full-width colon: `错误：连接失败` is text that somebody pasted. */
const PLAIN_NAME = /^[\w@.-]+$/;
const REGEX_SIGNS = /[\\[(^$*+?|{]/;

const CONNECTIVES: Readonly<Record<string, 'and' | 'or' | 'not'>> = {
  AND: 'and',
  OR: 'or',
  NOT: 'not',
  '&&': 'and',
  '||': 'or',
  '!': 'not',
  与: 'and',
  或: 'or',
  非: 'not',
};

/** Chinese names of the fields that every event has. */
export const FIELD_NAMES_ZH: Readonly<Record<string, string>> = {
  级别: 'level',
  主机: 'host',
  日志源: 'source',
  日志流: 'stream',
  标签: 'tag',
  消息: 'message',
};

/**
 * Cuts a query into pieces. It never fails: a piece that cannot be read carries its mistake, so that an editor can go on
 * colouring what stands behind it. Full-width punctuation is read as what it stands for.
 */
export function queryTokens(query: string): readonly QueryToken[] {
  const tokens: QueryToken[] = [];
  let at = 0;
  const match = (pattern: RegExp, from = at): RegExpExecArray | null => {
    pattern.lastIndex = from;
    return pattern.exec(query);
  };
  const push = (token: QueryToken): void => {
    tokens.push(token);
    at = token.to;
  };
  while (at < query.length) {
    const space = match(SPACE);
    if (space) {
      at += space[0].length;
      continue;
    }
    const char = query.charAt(at);
    if (isOpen(char) || isClose(char)) {
      push({ kind: isOpen(char) ? 'open' : 'close', from: at, to: at + 1, text: '' });
      continue;
    }
    if (
      (char === '-' || char === '!' || char === '－') &&
      /^[\p{L}\p{N}_("@“（/]/u.test(query.slice(at + 1))
    ) {
      push({ kind: 'not', from: at, to: at + 1, text: '' });
      continue;
    }
    const value = readQuoted(query, at) ?? readRegex(query, at);
    if (value !== null) {
      push(value);
      continue;
    }
    const field = match(FIELD);
    if (field && isField(query, field)) {
      const operator = operatorOf(field[2] ?? ':');
      push({ kind: 'field', from: at, to: at + field[0].length, text: field[1] ?? '', operator });
      const behind = readQuoted(query, at) ?? readRegex(query, at) ?? readWord(query, at);
      if (behind !== null) push(behind);
      continue;
    }
    const word = readWord(query, at) ?? { kind: 'word', from: at, to: at + 1, text: char };
    const connective = CONNECTIVES[word.text];
    push(connective === undefined ? word : { ...word, kind: connective });
  }
  return tokens;
}

/** Columns count characters, from 1. @param at UTF-16 units from 0 */
export function columnOf(query: string, at: number): number {
  return [...query.slice(0, at)].length + 1;
}

function isOpen(char: string): boolean {
  return char === '(' || char === '（';
}

function isClose(char: string): boolean {
  return char === ')' || char === '）';
}

function operatorOf(typed: string): string {
  const plain = typed.replace('：', ':').replace('＞', '>').replace('＜', '<').replace('＝', '=');
  return plain.length > 1 && plain.startsWith(':') ? plain.slice(1) : plain;
}

/** `http://host` and `C:\logs` are words, not fields. */
function isField(query: string, field: RegExpExecArray): boolean {
  const behind = field.index + field[0].length;
  if (query.startsWith('//', behind) || query[behind] === '\\') return false;
  const name = field[1] ?? '';
  return !(field[2] ?? '').startsWith('：') || PLAIN_NAME.test(name) || Object.hasOwn(FIELD_NAMES_ZH, name);
}

function readWord(query: string, from: number): QueryToken | null {
  WORD.lastIndex = from;
  const word = WORD.exec(query)?.[0];
  return word === undefined ? null : { kind: 'word', from, to: from + word.length, text: word };
}

/** Reads `"…"` with `\"` and `\\`, or `“…”`; null when there is no quote. */
function readQuoted(query: string, from: number): QueryToken | null {
  const opened = query[from];
  if (opened !== '"' && opened !== '“' && opened !== '”') return null;
  const closes = opened === '"' ? '"' : '”“';
  let text = '';
  for (let at = from + 1; at < query.length; at += 1) {
    const char = query.charAt(at);
    if (closes.includes(char)) return { kind: 'phrase', from, to: at + 1, text };
    const next = query[at + 1];
    if (char === '\\' && (next === '"' || next === '\\')) {
      text += next;
      at += 1;
    } else text += char;
  }
  return { kind: 'phrase', from, to: query.length, text, mistake: 'quote' };
}

/**
 * Reads `/…/` or `/…/i`. Its last slash is the first one that is not escaped, and a space, a parenthesis or the end stands
 * behind it: `/var/log/app.log` is a word. Null when it is none.
 */
function readRegex(query: string, from: number): QueryToken | null {
  if (query[from] !== '/') return null;
  let at = from + 1;
  while (at < query.length && query[at] !== '/') at += query[at] === '\\' ? 2 : 1;
  const text = query.slice(from + 1, at).replaceAll('\\/', '/');
  if (at < query.length && text !== '') {
    const flags = /^\/([a-zA-Z]{0,3})(?=$|[\s()（）])/.exec(query.slice(at));
    if (flags) {
      const to = at + flags[0].length;
      const ignoreCase = flags[1] === 'i';
      if (flags[1] === '' || ignoreCase) return { kind: 'regex', from, to, text, ignoreCase };
      return { kind: 'regex', from, to, text, ignoreCase, mistake: 'regex-flag' };
    }
  }
  const word = /^\/\S*/.exec(query.slice(from))?.[0] ?? '/';
  if (at < query.length || !REGEX_SIGNS.test(word)) return null;
  return { kind: 'regex', from, to: query.length, text, ignoreCase: false, mistake: 'regex-end' };
}
