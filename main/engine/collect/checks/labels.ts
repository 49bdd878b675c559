import type { CheckWhat } from '#shared/contract/checks.ts';

const withPort = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** What a check asks, for its label `instance` and for people. */
export function addressOf(what: CheckWhat): string {
  switch (what.kind) {
    case 'http':
    case 'haproxy':
    case 'nginx': {
      const url = new URL(what.url);
      // A login in an address must not become a label.
      url.username = '';
      url.password = '';
      return url.href;
    }
    case 'dns':
      return `${what.type} ${what.name}`;
    case 'icmp':
      return what.host;
    case 'sqlite':
    case 'nagios':
      return what.file;
    default:
      return withPort(what.host, what.port);
  }
}
