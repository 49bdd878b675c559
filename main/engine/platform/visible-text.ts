const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A text of somebody else on one line, with what controls terminals and the direction of writing written out, so that it cannot
 * hide or feign anything where it is shown.
 */
export function visibleText(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (letter) => NAMED[letter] ?? `\\u{${letter.codePointAt(0)?.toString(16)}}`,
  );
}
