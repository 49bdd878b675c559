/** One message as it came, without its frame. */
export type Framed = {
  readonly bytes: Buffer;
  /** It was longer than the bound and is its beginning. */
  readonly cut: boolean;
};

/** No sender has a reason to announce more; what does is no syslog. */
const MAX_ANNOUNCED = 16 * 1024 * 1024;
const MAX_DIGITS = 8;
const LF = 10;
const SPACE = 0x20;

/**
 * Takes syslog messages out of a stream (RFC 6587): a frame that begins with digits and a space is counted in octets, any
 * other ends with a newline. Both may come on one connection. Memory is bounded by the longest message kept.
 */
export class SyslogFramer {
  readonly #maxBytes: number;
  #carry: Buffer = Buffer.alloc(0);
  /** Of a message that is longer than the bound: how many octets are still to be skipped; `line`: up to the newline. */
  #skip: number | 'line' = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether a message has begun and not ended. */
  get isInside(): boolean {
    return this.#carry.length > 0 || this.#skip !== 0;
  }

  /**
   * Takes bytes; gives out the messages that are complete.
   *
   * @returns null when what comes is no syslog stream (an announced length that nobody means); the connection is to be ended
   */
  push(chunk: Buffer): readonly Framed[] | null {
    const messages: Framed[] = [];
    let bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    for (;;) {
      bytes = this.#skipped(bytes);
      if (bytes.length === 0 || this.#skip !== 0) break;
      const count = announced(bytes);
      if (count === 'more') break;
      if (count === 'broken') return null;
      const next = count === null ? this.#line(bytes, messages) : this.#counted(bytes, count, messages);
      if (next === null) break;
      bytes = next;
    }
    // A copy, so that the remainder of a message does not keep a whole chunk in memory.
    this.#carry = Buffer.from(bytes);
    return messages;
  }

  /** The connection has ended: a last line without its newline is a message, an octet-counted one that is not whole is none. */
  end(): Framed | null {
    const bytes = this.#carry;
    this.#carry = Buffer.alloc(0);
    if (bytes.length === 0 || this.#skip !== 0 || announced(bytes) !== null) return null;
    return { bytes: withoutReturn(bytes), cut: false };
  }

  #skipped(bytes: Buffer): Buffer {
    if (this.#skip === 'line') {
      const newline = bytes.indexOf(LF);
      if (newline < 0) return Buffer.alloc(0);
      this.#skip = 0;
      return bytes.subarray(newline + 1);
    }
    const taken = Math.min(this.#skip, bytes.length);
    this.#skip -= taken;
    return bytes.subarray(taken);
  }

  #line(bytes: Buffer, messages: Framed[]): Buffer | null {
    const newline = bytes.indexOf(LF);
    if (newline > this.#maxBytes || (newline < 0 && bytes.length > this.#maxBytes)) {
      messages.push({ bytes: bytes.subarray(0, this.#maxBytes), cut: true });
      this.#skip = 'line';
      return bytes.subarray(this.#maxBytes);
    }
    if (newline < 0) return null;
    // Several line ends in a row, or a NUL terminator, are no empty messages.
    const line = withoutReturn(bytes.subarray(0, newline));
    if (line.length > 0) messages.push({ bytes: line, cut: false });
    return bytes.subarray(newline + 1);
  }

  #counted(
    bytes: Buffer,
    { start, length }: { readonly start: number; readonly length: number },
    messages: Framed[],
  ): Buffer | null {
    const kept = Math.min(length, this.#maxBytes);
    if (bytes.length < start + kept) return null;
    const cut = length > kept;
    // Some senders count a newline that they append.
    if (kept > 0) messages.push({ bytes: withoutReturn(bytes.subarray(start, start + kept)), cut });
    this.#skip = length - kept;
    return bytes.subarray(start + kept);
  }
}

/** The length that a frame announces; null when it is a line; `more` when that cannot be told yet. */
function announced(
  bytes: Buffer,
): { readonly start: number; readonly length: number } | 'more' | 'broken' | null {
  let at = 0;
  while (at < bytes.length && at <= MAX_DIGITS && isDigit(bytes[at])) at += 1;
  // A length does not begin with 0, and a message begins with `<`.
  if (at === 0 || bytes[0] === 0x30) return null;
  if (at > MAX_DIGITS) return 'broken';
  if (at === bytes.length) return 'more';
  if (bytes[at] !== SPACE) return null;
  const length = Number(bytes.toString('latin1', 0, at));
  return length > MAX_ANNOUNCED ? 'broken' : { start: at + 1, length };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function withoutReturn(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === LF || bytes[end - 1] === 13 || bytes[end - 1] === 0)) end -= 1;
  return bytes.subarray(0, end);
}
