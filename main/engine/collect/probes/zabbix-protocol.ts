import type { Socket } from 'node:net';
import { inflateSync } from 'node:zlib';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';

const MAGIC = Buffer.from('ZBXD', 'latin1');
const FLAG_PROTOCOL = 0x01;
const FLAG_COMPRESSED = 0x02;
const FLAG_LARGE = 0x04;
/** The largest answer that is read; Zabbix's own limit of an item's text is 16 MiB, and nobody looks at that. */
const LARGEST_ANSWER = 1 << 20;

/** Writes a packet: header, flags, length, and the text. */
export function writePacket(text: string): Buffer {
  const data = Buffer.from(text, 'utf8');
  const header = Buffer.alloc(13);
  MAGIC.copy(header);
  header[4] = FLAG_PROTOCOL;
  header.writeUInt32LE(data.length, 5);
  return Buffer.concat([header, data]);
}

/** What the beginning of a stream says: more is needed, it is no Zabbix, or the whole text. */
export type PacketState =
  | { readonly kind: 'more' }
  | { readonly kind: 'whole'; readonly text: string }
  | AppError;

/** Reads a packet from what has come so far. Lengths are believed only within the limit. */
export function readPacket(bytes: Buffer): PacketState {
  if (!bytes.subarray(0, 4).equals(MAGIC.subarray(0, Math.min(4, bytes.length))))
    return appError('CHECK_ANSWER_INVALID', { why: 'no ZBXD header' });
  if (bytes.length < 5) return { kind: 'more' };
  const flags = bytes[4] ?? 0;
  if ((flags & FLAG_PROTOCOL) === 0 || (flags & ~(FLAG_PROTOCOL | FLAG_COMPRESSED | FLAG_LARGE)) !== 0)
    return appError('CHECK_ANSWER_INVALID', { why: `flags ${flags}` });
  const isLarge = (flags & FLAG_LARGE) !== 0;
  const head = isLarge ? 21 : 13;
  if (bytes.length < head) return { kind: 'more' };
  const length = isLarge ? Number(bytes.readBigUInt64LE(5)) : bytes.readUInt32LE(5);
  const unpacked = isLarge ? Number(bytes.readBigUInt64LE(13)) : bytes.readUInt32LE(9);
  const isCompressed = (flags & FLAG_COMPRESSED) !== 0;
  if (length > LARGEST_ANSWER || (isCompressed && unpacked > LARGEST_ANSWER))
    return appError('CHECK_ANSWER_TOO_BIG', { limit: formatBytes(LARGEST_ANSWER) });
  if (bytes.length < head + length) return { kind: 'more' };
  const data = bytes.subarray(head, head + length);
  if (!isCompressed) return { kind: 'whole', text: data.toString('utf8') };
  try {
    const text = inflateSync(data, { maxOutputLength: LARGEST_ANSWER });
    if (text.length !== unpacked)
      return appError('CHECK_ANSWER_INVALID', { why: `${text.length} B instead of ${unpacked} B` });
    return { kind: 'whole', text: text.toString('utf8') };
  } catch (thrown) {
    return appError('CHECK_ANSWER_INVALID', { why: describeThrown(thrown) });
  }
}

/** Asks an agent for one item on a connection that was made for it. The agent closes it afterwards. */
export function askItem(socket: Socket, key: string, signal: AbortSignal): Promise<Result<string>> {
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0);
    const finish = (result: Result<string>): void => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('data');
      socket.destroy();
      resolve(result);
    };
    const onAbort = (): void => finish(err(appError('CANCELLED')));
    const onEnd = (): void => {
      const why = bytes.length === 0 ? 'closed without an answer' : 'cut short';
      finish(err(appError(bytes.length === 0 ? 'CHECK_ZABBIX_CLOSED' : 'CHECK_ANSWER_INVALID', { why })));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const state = readPacket(bytes);
      if (!('kind' in state)) finish(err(state));
      else if (state.kind === 'whole') finish(ok(state.text));
      else if (bytes.length > LARGEST_ANSWER + 64)
        finish(err(appError('CHECK_ANSWER_TOO_BIG', { limit: formatBytes(LARGEST_ANSWER) })));
    });
    socket.once('end', onEnd);
    socket.once('close', onEnd);
    socket.once('error', onEnd);
    if (signal.aborted) onAbort();
    else socket.write(writePacket(key));
  });
}

/** An item's value, or why the agent has none. */
export function itemValue(answer: string): { readonly value: string } | { readonly unsupported: string } {
  const [word, why = ''] = answer.split('\0', 2);
  if (word === 'ZBX_NOTSUPPORTED') return { unsupported: why };
  return { value: answer };
}
