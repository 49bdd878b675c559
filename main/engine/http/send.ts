import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { createDeflate, createGzip, gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';

/** A client that takes nothing for so long has gone, or holds memory for no use. */
const STALLED_MS = 30_000;
/** Texts up to so many characters are compressed at once: a stream costs more than it saves. */
const SMALL = 4_096;
/** The fastest level: the network is near, and the processor has other work. */
const LEVEL = 1;

/** The first of gzip and deflate that the client lists, as Prometheus picks it. */
export function chooseEncoding(accepted: string | undefined): 'gzip' | 'deflate' | null {
  for (const part of (accepted ?? '').split(',')) {
    const name = part.trim();
    if (name === 'gzip' || name === 'deflate') return name;
  }
  return null;
}

/**
 * Writes an answer, no faster than the client reads it; what is not read is not produced.
 *
 * @param accepted the request's `Accept-Encoding`
 */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  accepted: string | undefined,
): Promise<void> {
  if (response.destroyed) return;
  const encoding = answer.type === null ? null : chooseEncoding(accepted);
  const headers: Record<string, string> = { ...answer.headers };
  if (answer.type !== null) headers['Content-Type'] = answer.type;
  if (answer.type === 'application/json') headers['Cache-Control'] = 'no-store';
  if (encoding !== null) headers['Content-Encoding'] = encoding;
  response.setTimeout(STALLED_MS, () => response.destroy());
  const pieces = answer.pieces[Symbol.iterator]();
  const first = pieces.next();
  const second = first.done ? first : pieces.next();
  if (second.done) {
    endAtOnce(response, answer.status, headers, first.done ? '' : first.value, encoding);
    return;
  }
  response.writeHead(answer.status, headers);
  const out: Writable = encoding === null ? response : compressor(encoding);
  if (out !== response) {
    out.pipe(response);
    response.once('close', () => out.destroy());
  }
  for (const piece of [first.value, second.value]) if (!(await wrote(out, piece))) return;
  for (let next = pieces.next(); !next.done; next = pieces.next())
    if (!(await wrote(out, next.value))) return;
  out.end();
}

function compressor(encoding: 'gzip' | 'deflate') {
  return encoding === 'gzip' ? createGzip({ level: LEVEL }) : createDeflate({ level: LEVEL });
}

function endAtOnce(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string,
  encoding: 'gzip' | 'deflate' | null,
): void {
  if (encoding === null || response.req.method === 'HEAD') {
    if (status !== 204) headers['Content-Length'] = String(Buffer.byteLength(body));
    response.writeHead(status, headers);
    response.end(response.req.method === 'HEAD' ? undefined : body);
    return;
  }
  if (encoding === 'gzip' && body.length <= SMALL) {
    const packed = gzipSync(body, { level: LEVEL });
    headers['Content-Length'] = String(packed.length);
    response.writeHead(status, headers);
    response.end(packed);
    return;
  }
  response.writeHead(status, headers);
  const out = compressor(encoding);
  out.pipe(response);
  response.once('close', () => out.destroy());
  out.end(body);
}

/** Writes one piece and waits until there is room for the next; false when the client is gone. */
function wrote(out: Writable, piece: string): Promise<boolean> | boolean {
  if (out.destroyed) return false;
  if (out.write(piece)) return true;
  return new Promise((resolve) => {
    const settle = (goOn: boolean) => (): void => {
      out.off('drain', onDrain);
      out.off('close', onClose);
      resolve(goOn);
    };
    const onDrain = settle(true);
    const onClose = settle(false);
    out.once('drain', onDrain);
    out.once('close', onClose);
  });
}
