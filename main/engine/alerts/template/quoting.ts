const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gsu;

/** The value of a quoted or raw string with Go's escapes (`strconv.Unquote`), or null when it is none. */
export function unquoteGo(quoted: string): string | null {
  const inner = quoted.slice(1, -1);
  if (quoted[0] === '`') return inner.replaceAll('\r', '');
  if (!inner.includes('\\')) return inner;
  const quote = quoted[0];
  let isSound = true;
  // `\x` and octal escapes are bytes, which may spell out UTF-8: the text is put together from bytes.
  const pieces: Buffer[] = [];
  let at = 0;
  for (const found of inner.matchAll(ESCAPE)) {
    const [whole, hex, short, long, octal, char] = found;
    pieces.push(Buffer.from(inner.slice(at, found.index)));
    at = found.index + whole.length;
    const byte = hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16);
    const point = Number.parseInt(short ?? long ?? '', 16);
    if (byte <= 255) pieces.push(Buffer.from([byte]));
    else if (point <= 0x10ffff && (point < 0xd800 || point > 0xdfff))
      pieces.push(Buffer.from(String.fromCodePoint(point)));
    else if (char !== undefined && (char === quote || SIMPLE[char] !== undefined))
      pieces.push(Buffer.from(SIMPLE[char] ?? char));
    else isSound = false;
  }
  pieces.push(Buffer.from(inner.slice(at)));
  return isSound ? Buffer.concat(pieces).toString('utf8') : null;
}
