import type { RemoteClock } from './probes/check-probe.ts';

const NAME = Buffer.from('\nnode_time_seconds ');
const LONGEST_NUMBER = 40;

/** The clock of an HTTP server, by its Date header: it tells whole seconds. Null without one. */
export function clockOfDate(date: string | null, sentMs: number, receivedMs: number): RemoteClock | null {
  const remoteMs = date === null ? Number.NaN : Date.parse(date);
  if (!Number.isFinite(remoteMs)) return null;
  return { by: 'http_date', remoteMs, coarseMs: 1_000, sentMs, receivedMs };
}

/** The clock of a host whose exporter tells it (`node_time_seconds`), read while the scrape was answered. */
export function clockOfBody(body: Uint8Array, sentMs: number, receivedMs: number): RemoteClock | null {
  const at = Buffer.from(body.buffer, body.byteOffset, body.byteLength).indexOf(NAME);
  if (at < 0) return null;
  const start = at + NAME.length;
  const [number = ''] = Buffer.from(body.subarray(start, start + LONGEST_NUMBER))
    .toString('latin1')
    .split(/[ \n]/);
  const seconds = Number(number);
  if (number === '' || !Number.isFinite(seconds)) return null;
  return { by: 'node_time', remoteMs: seconds * 1000, coarseMs: 0, sentMs, receivedMs };
}
