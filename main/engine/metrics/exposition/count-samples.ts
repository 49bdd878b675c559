const NEWLINE = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;

/** Whether a body has more than `limit` lines that look like samples; nothing of them is read but where they begin. */
export function hasMoreSamples(body: Uint8Array, limit: number): boolean {
  let samples = 0;
  for (let at = 0; at < body.length && samples <= limit; ) {
    const byte = body[at] ?? 0;
    if (byte !== HASH && byte > SPACE) samples++;
    const end = body.indexOf(NEWLINE, at);
    at = end < 0 ? body.length : end + 1;
  }
  return samples > limit;
}
