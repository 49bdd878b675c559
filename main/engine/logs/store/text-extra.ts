import type { FormatSpec } from '../model.ts';
import type { LineParser } from '../parse/parser.ts';

/** Numbers that a JSON parser gives back in other digits than the line has: 1e3, 1.50, more than 15 digits. */
const OTHER_NUMBER = /\d[eE][+-]?\d|\.\d*0(?!\d)|\d{16}/;

/**
 * What can be searched in a line besides its own characters: the decoded message and values of JSON and logfmt lines
 * that hold escapes (`\u78c1\u76d8` is 磁盘) or numbers spelled unusually. Empty for all other lines. Index and comparison must agree, so both
 * call this.
 */
export function decodedText(text: string, format: FormatSpec, parser: LineParser): string {
  const escaped = (format.spec === 'json' || format.spec === 'logfmt') && text.includes('\\');
  if (!escaped && !(format.spec === 'json' && OTHER_NUMBER.test(text))) return '';
  const parsed = parser.parse(text, 0);
  if (parsed === null) return '';
  return [parsed.message, ...Object.values(parsed.fields)].join('\n');
}
