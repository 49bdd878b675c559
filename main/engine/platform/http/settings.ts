import type { ScrapeConfig } from '#shared/contract/hosts.ts';

/** How a connection is secured: the parts of a target's settings that choose its agent. */
export type HttpTls = Pick<ScrapeConfig, 'scheme' | 'tls'>;

/** As whom a request is made. */
export type HttpLogin = Pick<ScrapeConfig, 'basicAuth' | 'bearerToken' | 'bearerTokenFile'>;
