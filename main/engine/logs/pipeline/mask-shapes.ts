import { isIPv6 } from 'node:net';
import { type Finder, type Found, findTokenValues } from './mask-secrets.ts';

/** Shapes that tell by themselves that they are secrets: each begins with letters that a search finds fast. */
const SHAPES: readonly (readonly [begin: string, shape: RegExp])[] = [
  ['eyJ', /eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/y],
  ['AKIA', /AKIA[0-9A-Z]{16}/y],
  ['ghp_', /ghp_[0-9A-Za-z]{20,}/y],
  ['glpat-', /glpat-[\w-]{16,}/y],
  ['xox', /xox[abprs]-[\w-]{8,}/y],
  ['sk-', /sk-[\w-]{20,}/y],
];
const SCHEME = /\b(?:bearer|basic)[ \t]+([\w+/=.~-]{6,})/gi;
const PRIVATE_KEY = '-----BEGIN ';

/** Finds tokens: by the name before them, and those whose shape gives them away. */
export const findTokens: Finder = (text, found) => {
  findTokenValues(text, found);
  for (const [begin, shape] of SHAPES) {
    for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + begin.length)) {
      if (/\w/.test(text[at - 1] ?? ' ')) continue;
      shape.lastIndex = at;
      const match = shape.exec(text);
      if (match !== null) found(at, at + match[0].length);
    }
  }
  SCHEME.lastIndex = 0;
  for (let match = SCHEME.exec(text); match !== null; match = SCHEME.exec(text))
    found(match.index + match[0].length - (match[1]?.length ?? 0), match.index + match[0].length);
  findPrivateKeys(text, found);
};

function findPrivateKeys(text: string, found: Found): void {
  for (let at = text.indexOf(PRIVATE_KEY); at >= 0; at = text.indexOf(PRIVATE_KEY, at + 1)) {
    const head = text.indexOf('-----', at + PRIVATE_KEY.length);
    if (head < 0 || !text.slice(at, head).endsWith('PRIVATE KEY')) continue;
    const end = text.indexOf('-----END', head);
    found(head + 5, end < 0 ? text.length : end);
  }
}

const LONGEST_LOCAL = 64;
const LOCAL = /[\w.%+-]/;
const DOMAIN = /(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}[A-Za-z]{2,24}/y;

/** Finds addresses of electronic mail. */
export const findEmails: Finder = (text, found) => {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start < LONGEST_LOCAL && LOCAL.test(text[start - 1] ?? ' ')) start -= 1;
    if (start === at) continue;
    DOMAIN.lastIndex = at + 1;
    const domain = DOMAIN.exec(text);
    if (domain !== null) found(start, at + 1 + domain[0].length);
  }
};

const IPV4 = /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)/g;
const IPV6_LIKE = /(?<![\w:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{2,42}/g;

/** Finds addresses of the internet protocol, versions 4 and 6. */
export const findIps: Finder = (text, found) => {
  IPV4.lastIndex = 0;
  for (let match = IPV4.exec(text); match !== null; match = IPV4.exec(text))
    found(match.index, match.index + match[0].length);
  IPV6_LIKE.lastIndex = 0;
  for (let match = IPV6_LIKE.exec(text); match !== null; match = IPV6_LIKE.exec(text)) {
    const address = match[0].replace(/[:.]$/, '');
    if (isIPv6(address)) found(match.index, match.index + address.length);
  }
};
