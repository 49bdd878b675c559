const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
};

const NUMERIC = [
  { lead: /^[0-7]{3}/, base: 8, skip: 0 },
  { lead: /^x[0-9a-fA-F]{2}/, base: 16, skip: 1 },
  { lead: /^u[0-9a-fA-F]{4}/, base: 16, skip: 1 },
  { lead: /^U[0-9a-fA-F]{8}/, base: 16, skip: 1 },
] as const;

/**
 * The text of a quoted string with Go's escapes, given with its quotes; or the escape sequence that there is not.
 *
 * `\x` and octal escapes stand for bytes, as in Go, so they can spell out UTF-8.
 */
export function unquote(quoted: string): { readonly text: string } | { readonly unknown: string } {
  const quote = quoted[0] ?? '';
  const inner = quoted.slice(1, -1);
  if (quote === '`') return { text: inner.replaceAll('\r', '') };
  if (!inner.includes('\\')) return { text: inner };
  const bytes: Buffer[] = [];
  for (let at = 0; at < inner.length; ) {
    const next = inner.indexOf('\\', at);
    if (next < 0) {
      bytes.push(Buffer.from(inner.slice(at)));
      break;
    }
    bytes.push(Buffer.from(inner.slice(at, next)));
    const resolved = readEscape(inner.slice(next + 1), quote);
    if (resolved === null) return { unknown: inner.slice(next, next + 2) };
    bytes.push(resolved.bytes);
    at = next + 1 + resolved.length;
  }
  return { text: Buffer.concat(bytes).toString('utf8') };
}

function readEscape(rest: string, quote: string): { readonly bytes: Buffer; readonly length: number } | null {
  const char = rest[0] ?? '';
  if (char === quote) return { bytes: Buffer.from(char), length: 1 };
  const simple = SIMPLE[char];
  if (simple !== undefined) return { bytes: Buffer.from([simple]), length: 1 };
  for (const { lead, base, skip } of NUMERIC) {
    const found = lead.exec(rest)?.[0];
    if (found === undefined) continue;
    const code = Number.parseInt(found.slice(skip), base);
    if (char === 'u' || char === 'U') {
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return null;
      return { bytes: Buffer.from(String.fromCodePoint(code)), length: found.length };
    }
    return code > 255 ? null : { bytes: Buffer.from([code]), length: found.length };
  }
  return null;
}
