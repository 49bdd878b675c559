import { isUtf8 } from 'node:buffer';

/**
 * A POSIX file name is any run of bytes without NUL and slash. Inside the program a path is a string in which each byte
 * that is not part of valid UTF-8 is a lone surrogate U+DC80…U+DCFF (Python's PEP 383, "surrogateescape"), so that every
 * name is kept exactly, can be compared, and goes through JSON.
 */
export type RawPath = string;

function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
  // isUtf8 refuses over-long forms, surrogates and code points past U+10FFFF, as UTF-8 demands.
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

/** Makes a path of the bytes that the system gave. */
export function decodePath(bytes: Buffer): RawPath {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      text += bytes.toString('utf8', at, at + length);
      at += length;
    } else {
      text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
      at += 1;
    }
  }
  return text;
}

/** The bytes of a path. Throws RangeError on a lone surrogate that stands for no byte (a hostile manifest). */
export function encodePath(path: RawPath): Buffer {
  if (path.isWellFormed()) return Buffer.from(path, 'utf8');
  const pieces: Buffer[] = [];
  for (const char of path) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0xd800 || code > 0xdfff) pieces.push(Buffer.from(char, 'utf8'));
    else if (code >= 0xdc80 && code <= 0xdcff) pieces.push(Buffer.from([code - 0xdc00]));
    else throw new RangeError(`the path holds the surrogate U+${code.toString(16)}, which is no byte`);
  }
  return Buffer.concat(pieces);
}

/** The form that `node:fs` takes: a string where it can, else the bytes. */
export function fsPath(path: RawPath): string | Buffer {
  return path.isWellFormed() ? path : encodePath(path);
}

/** For people: bytes that are not UTF-8 become U+FFFD, control characters become visible pictures. */
export function showPath(path: RawPath): string {
  let text = '';
  for (const char of path.toWellFormed()) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x20) text += String.fromCodePoint(0x2400 + code);
    else if (code === 0x7f) text += '\u2421';
    else if (/^\p{Bidi_Control}$/u.test(char)) text += '\ufffd';
    else text += char;
  }
  return text;
}
