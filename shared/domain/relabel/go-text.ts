const REFERENCE = /\$(?:\$|\{([^}]*)\}|([\p{L}\p{Nd}_]+))/gu;
const NAME = /^[\p{L}\p{Nd}_]+$/u;
const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** What a match gives a template: its groups by number, and the numbers of named groups. */
export type MatchGroups = {
  readonly group: (index: number) => string | null;
  readonly named: Readonly<Record<string, number>>;
};

/**
 * Fills a template as Go's `Regexp.Expand` does: `$1`, `$name`, `${name}` and `$$`; the longest name counts (`$1x` is
 * the group `1x`), a group that is not there is empty, and a dollar sign before anything else stays.
 */
export function expandTemplate(template: string, match: MatchGroups): string {
  if (!template.includes('$')) return template;
  return template.replace(REFERENCE, (whole, braced: string | undefined, plain: string | undefined) => {
    if (whole === '$$') return '$';
    const name = braced ?? plain ?? '';
    if (!NAME.test(name)) return whole;
    const index = INDEX.test(name) ? Number(name) : (match.named[name] ?? -1);
    return index < 0 ? '' : (match.group(index) ?? '');
  });
}

/** Code points whose upper case is one letter in Go and several in ECMAScript: Greek with iota subscript. */
function greekUpper(code: number): number {
  if (code >= 0x1f80 && code <= 0x1faf && (code & 8) === 0) return code + 8;
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return code + 9;
  return code;
}

function mapped(text: string, change: (char: string) => string, otherwise: (code: number) => number): string {
  let result = '';
  for (const char of text) {
    const other = change(char);
    const first = other.codePointAt(0) ?? 0;
    const isOne = other.length === (first > 0xffff ? 2 : 1);
    result += isOne ? other : String.fromCodePoint(otherwise(char.codePointAt(0) ?? 0));
  }
  return result;
}

/** Go's `strings.ToLower`: letter by letter, whatever stands around. */
export function goLower(text: string): string {
  // The Turkish dotted I is the one letter whose small form is two characters here.
  return mapped(
    text,
    (char) => char.toLowerCase(),
    (code) => (code === 0x130 ? 0x69 : code),
  );
}

/** Go's `strings.ToUpper`: one letter for one letter, so that a sharp s stays. */
export function goUpper(text: string): string {
  return mapped(text, (char) => char.toUpperCase(), greekUpper);
}
