import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import type { RequestPlace } from '../../platform/http/request-errors.ts';

/** What Prometheus asks for; exporters choose between OpenMetrics and the text format by it. */
const ACCEPT =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

/** True when a request or a connection can be made to a target's address; of a stored `10.0.0.300:9100` none can. */
export function isAskable({ probe, scheme, address }: ScrapeConfig): boolean {
  return URL.canParse(`${probe === undefined ? scheme : probe.kind}://${address}`);
}

/** The address that a target is scraped at. Throws TypeError when it is not {@link isAskable}. */
export function scrapeUrl(config: ScrapeConfig): URL {
  const url = new URL(`${config.scheme}://${config.address}`);
  const [path = '/', query = ''] = splitOnce(config.metricsPath, '?');
  url.pathname = path;
  const search = new URLSearchParams(query);
  for (const [name, values] of Object.entries(config.params))
    for (const value of values) search.append(name, value);
  url.search = search.toString();
  return url;
}

function splitOnce(text: string, by: string): readonly string[] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** What error sentences call a target. */
export function placeOf(config: ScrapeConfig): RequestPlace {
  return {
    url: scrapeUrl(config).href,
    address: config.address,
    name: config.address.replace(/:\d+$/, ''),
    timeoutMs: config.timeoutMs,
  };
}

/** The request headers of a scrape. */
export function scrapeHeaders(config: ScrapeConfig, authorization: string | null): Record<string, string> {
  return {
    accept: ACCEPT,
    'accept-encoding': 'gzip',
    'user-agent': 'HMTT-Console',
    'x-prometheus-scrape-timeout-seconds': String(config.timeoutMs / 1000),
    ...(authorization === null ? {} : { authorization }),
  };
}

/** Where a redirecting answer leads, or null when it is no redirect. */
export function redirectTarget(status: number, location: string | null, from: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return null;
  if (!URL.canParse(location, from)) return null;
  const target = new URL(location, from);
  return target.protocol === 'http:' || target.protocol === 'https:' ? target : null;
}

/** What a status other than 200 means, or null; as Prometheus, only 200 is an answer. */
export function statusError(status: number, { url }: RequestPlace): AppError | null {
  if (status === 200) return null;
  if (status === 401 || status === 403) return appError('SCRAPE_UNAUTHORIZED', { url, status });
  if (status === 404) return appError('SCRAPE_NOT_FOUND', { url });
  return appError('SCRAPE_HTTP_STATUS', { url, status });
}

/** True for a web page: it begins with `<`, which no exposition can. Exporters do send metrics as `text/html`. */
export function looksLikeHtml(body: Uint8Array): boolean {
  for (const byte of body.subarray(0, 1024)) {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
    // A byte order mark may stand before the page.
    if (byte === 0xef || byte === 0xbb || byte === 0xbf) continue;
    return byte === 0x3c;
  }
  return false;
}
