import type { FormatSpec } from './model.ts';
import type { LineParser } from './parser.ts';

/**
 * What can be searched in a line besides its own characters: the decoded message and values of JSON and logfmt lines
 * that hold escapes (`\u78c1\u76d8` is 磁盘). Empty for all other lines. Index and comparison must agree, so both
 * call this.
 */
export function decodedText(text: string, format: FormatSpec, parser: LineParser): string {
  if ((format.spec !== 'json' && format.spec !== 'logfmt') || !text.includes('\\')) return '';
  const parsed = parser.parse(text, 0);
  if (parsed === null) return '';
  return [parsed.message, ...Object.values(parsed.fields)].join('\n');
}
