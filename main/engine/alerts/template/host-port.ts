import { isIP } from 'node:net';

type HostPort = { readonly host: string; readonly port: string };

/** Go's `net.SplitHostPort`; null where it refuses. */
function splitHostPort(text: string): HostPort | null {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return null;
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end < 0 || end + 1 !== colon) return null;
    const host = text.slice(1, end);
    if (host.includes('[') || text.slice(end + 1).includes('[') || text.slice(end + 1).includes(']'))
      return null;
    return { host, port: text.slice(colon + 1) };
  }
  const host = text.slice(0, colon);
  if (host.includes(':') || /[[\]]/.test(text)) return null;
  return { host, port: text.slice(colon + 1) };
}

/** `stripPort`: the host of `host:port`, or the text as it is. */
export function stripPort(text: string): string {
  return splitHostPort(text)?.host ?? text;
}

/** `stripDomain`: the first name of a host; addresses stay. */
export function stripDomain(text: string): string {
  const { host, port } = splitHostPort(text) ?? { host: text, port: '' };
  if (isIP(host) !== 0 && !host.includes('%')) return text;
  const name = host.split('.')[0] ?? '';
  if (port === '') return name;
  return /[:%]/.test(name) ? `[${name}]:${port}` : `${name}:${port}`;
}
