import type { FormatSpec } from '../model.ts';
import type { LineParser, ParsedLine } from '../parse/parser.ts';
import type { EventChanges } from '../stage.ts';

/** Numbers that a JSON parser gives back in other digits than the line has: 1e3, 1.50, more than 15 digits. */
const OTHER_NUMBER = /\d[eE][+-]?\d|\.\d*0(?!\d)|\d{16}/;

/** What is known of a line that its format does not match. */
export function unparsed(text: string): ParsedLine {
  return { time: null, level: null, message: text, fields: {} };
}

/** What a line says once the changes of a pipeline are applied to what its format reads from it. */
export function changedLine(parsed: ParsedLine, changes: EventChanges | null): ParsedLine {
  if (changes === null) return parsed;
  const fields: Record<string, string> = {};
  const put = (name: string, value: string): void => {
    // defineProperty, because a field may be named `__proto__`.
    Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
  };
  for (const [name, value] of Object.entries(parsed.fields))
    if (!changes.removed?.includes(name)) put(name, value);
  for (const [name, value] of Object.entries(changes.set ?? {})) put(name, value);
  return { ...parsed, message: changes.message ?? parsed.message, fields };
}

/**
 * What can be searched in a line besides its own characters: what a pipeline added, and the decoded message and values of
 * JSON and logfmt lines that hold escapes (`\u78c1\u76d8` is 磁盘) or numbers spelled unusually. Empty for most lines. Index
 * and comparison must agree, so both call this.
 */
export function extraText(
  text: string,
  changes: EventChanges | null,
  format: FormatSpec,
  parser: LineParser,
): string {
  const decoded = decodedText(text, format, parser);
  if (changes === null) return decoded;
  const added = [changes.message ?? '', ...Object.values(changes.set ?? {}), ...(changes.tags ?? [])];
  return [decoded, ...added].filter((part) => part !== '').join('\n');
}

function decodedText(text: string, format: FormatSpec, parser: LineParser): string {
  const escaped = (format.spec === 'json' || format.spec === 'logfmt') && text.includes('\\');
  if (!escaped && !(format.spec === 'json' && OTHER_NUMBER.test(text))) return '';
  const parsed = parser.parse(text, 0);
  if (parsed === null) return '';
  return [parsed.message, ...Object.values(parsed.fields)].join('\n');
}

/** Whether lines of this format may say more than their characters, when no pipeline changed them. */
export function mayHaveExtra(format: FormatSpec): boolean {
  return format.spec === 'json' || format.spec === 'logfmt';
}
