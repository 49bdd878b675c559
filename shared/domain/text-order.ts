/**
 * Orders texts by code point, which is the order of their UTF-8 bytes, as Prometheus sorts them.
 *
 * JavaScript compares UTF-16 units, and those of characters beyond U+FFFF are less than U+E000 … U+FFFF.
 */
export function compareText(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** A UTF-16 unit's place in the order of code points: the halves of what lies beyond U+FFFF come last. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
