import type { Dispatcher } from 'undici';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../clock.ts';
import { NO_SECRETS, type SecretSource } from '../secrets.ts';
import type { Timers } from '../timers.ts';
import { createAgents } from './agents.ts';
import { originKey } from './connector.ts';
import { authorizationOf } from './credentials.ts';
import { createLargeBodySlots, readBody } from './read-body.ts';
import { isBrokenConnection, requestError, timeoutError } from './request-errors.ts';
import { createResolver } from './resolver.ts';
import type { HttpLogin, HttpTls } from './settings.ts';

/** One request to a server that was configured. */
export type HttpCall = {
  readonly server: HttpLogin & Pick<HttpTls, 'tls'> & { readonly timeoutMs: number };
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** The most bytes of an answer, decompressed. */
  readonly limit: number;
  readonly signal: AbortSignal;
};

/** What came back. `tooBig`: the body was longer than the limit and is not here. */
export type HttpAnswer = {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: Uint8Array;
  readonly tooBig: boolean;
};

/** Makes requests to configured servers. No proxy is used and no redirect followed. */
export type HttpClient = {
  /** @returns CANCELLED when the signal was aborted, else the failures of a connection, as for scrapes */
  readonly call: (call: HttpCall) => Promise<Result<HttpAnswer>>;
  readonly close: () => Promise<void>;
};

/** What the client is made of; without secrets it knows those only that stand in the settings themselves. */
export type HttpClientDeps = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly secrets?: SecretSource;
};

const TIMED_OUT = Symbol('timed out');

/** Makes the client; its connections are kept between requests. */
export function createHttpClient(deps: HttpClientDeps): HttpClient {
  const secrets = deps.secrets ?? NO_SECRETS;
  const agents = createAgents({ ...deps, lookup: createResolver(deps.clock) });
  const slots = createLargeBodySlots();

  const call = async (request: HttpCall): Promise<Result<HttpAnswer>> => {
    const { server, url, signal } = request;
    const place = {
      url: url.origin + url.pathname,
      address: url.host,
      name: url.hostname,
      timeoutMs: server.timeoutMs,
    };
    const authorization = await authorizationOf(server, secrets, url.origin);
    if (!authorization.ok) return authorization;
    const agent = await agents.get({
      scheme: url.protocol === 'https:' ? 'https' : 'http',
      ...(server.tls === undefined ? {} : { tls: server.tls }),
    });
    if (!agent.ok) return agent;
    if (signal.aborted) return err(appError('CANCELLED'));
    const abort = new AbortController();
    const onOuter = (): void => abort.abort(signal.reason);
    signal.addEventListener('abort', onOuter, { once: true });
    const cancelTimer = deps.timers.after(server.timeoutMs, () => abort.abort(TIMED_OUT));
    let answered = false;
    const failure = (thrown: unknown): AppError => {
      if (signal.aborted) return appError('CANCELLED');
      const key = originKey(url.protocol, url.hostname, url.port);
      if (abort.signal.aborted)
        return timeoutError(answered ? null : (agent.value.underway.get(key) ?? null), place);
      const late = isBrokenConnection(thrown) ? agent.value.lateFailures.get(key) : undefined;
      return requestError(late ?? thrown, answered, place);
    };
    try {
      const response = await orAborted(
        abort.signal,
        agent.value.dispatcher.request({
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method,
          headers: {
            ...request.headers,
            'user-agent': 'HMTT-Console',
            ...(authorization.value === null ? {} : { authorization: authorization.value }),
          },
          body: request.body,
          signal: abort.signal,
        }),
      );
      answered = true;
      const read = await readBody(response.body, {
        encoding: header(response, 'content-encoding'),
        length: contentLength(response),
        limit: request.limit,
        slots,
        signal: abort.signal,
      });
      const retryAfter = header(response, 'retry-after');
      const { statusCode: status } = response;
      switch (read.kind) {
        case 'whole':
          return ok({ status, retryAfter, body: read.body, tooBig: false });
        case 'too_big':
          return ok({ status, retryAfter, body: new Uint8Array(0), tooBig: true });
        case 'encoding':
          return err(appError('SCRAPE_BAD_ENCODING', { url: place.url, encoding: read.encoding }));
        case 'bad_gzip':
          return err(appError('SCRAPE_BAD_GZIP', { url: place.url }, { detail: read.why }));
        case 'broken':
          throw read.cause;
      }
    } catch (thrown) {
      return err(failure(thrown));
    } finally {
      cancelTimer();
      signal.removeEventListener('abort', onOuter);
    }
  };

  return { call, close: () => agents.close() };
}

function header(response: Dispatcher.ResponseData, name: string): string | null {
  const value = response.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function contentLength(response: Dispatcher.ResponseData): number | null {
  const length = Number(header(response, 'content-length') ?? Number.NaN);
  return Number.isFinite(length) ? length : null;
}

/** Ends with the signal also while the connection is being made, which undici's own signal does not. */
function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
