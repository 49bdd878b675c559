/** Where to listen. */
export type ListenAddress = { readonly host: string; readonly port: number };

/** Reads `HOST:PORT`, with an IPv6 address in brackets; null when it is none. */
export function parseListen(text: string): ListenAddress | null {
  const found = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/.exec(text);
  const host = found?.[1] ?? '';
  const port = Number(found?.[2] ?? Number.NaN);
  if (host === '' || !(port <= 65_535)) return null;
  return { host: host.replace(/[[\]]/g, ''), port };
}

/** Whether an address is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** The base address for a host and port. */
export function baseUrl({ host, port }: ListenAddress): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Whether a `Host` header names this machine's loopback. A web page can make a name of its own point to loopback (DNS
 * rebinding), and would then read what is served there; its requests carry that name.
 */
export function namesLoopback(header: string | undefined): boolean {
  return isLoopback((header ?? '').replace(/:\d+$/, '').replace(/[[\]]/g, ''));
}
