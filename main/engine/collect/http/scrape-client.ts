import type { Dispatcher } from 'undici';
import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { createAgents, type HttpAgent } from '../../platform/http/agents.ts';
import type { HttpClientDeps } from '../../platform/http/client.ts';
import { type ConnectObserver, originKey } from '../../platform/http/connector.ts';
import { authorizationOf } from '../../platform/http/credentials.ts';
import { createLargeBodySlots, type LargeBodySlots, readBody } from '../../platform/http/read-body.ts';
import {
  isBrokenConnection,
  type RequestPlace,
  requestError,
  timeoutError,
} from '../../platform/http/request-errors.ts';
import { createResolver } from '../../platform/http/resolver.ts';
import { NO_SECRETS } from '../../platform/secrets.ts';
import type { RemoteClock } from '../probes/check-probe.ts';
import { clockOfDate } from '../remote-clock.ts';
import {
  looksLikeHtml,
  placeOf,
  redirectTarget,
  scrapeHeaders,
  scrapeUrl,
  statusError,
} from './scrape-request.ts';

/** A body as it was answered, decompressed. */
export type Answer = {
  readonly status: number;
  readonly body: Uint8Array;
  readonly contentType: string | null;
  /** The server's clock, when it told it. */
  readonly remoteClock: RemoteClock | null;
};

/** Fetches expositions over HTTP and HTTPS. */
export type ScrapeClient = {
  /**
   * Fetches once, bounded by the target's timeout and body limit.
   *
   * @param signal aborts from outside (the target was removed, the engine stops); the result is then CANCELLED
   * @param observe asks for a connection of its own and is told of its parts
   */
  readonly fetch: (
    config: ScrapeConfig,
    signal: AbortSignal,
    observe?: ConnectObserver,
  ) => Promise<Result<Answer>>;
  readonly close: () => Promise<void>;
};

/** The engine's own bound of a body after decompression. */
const DEFAULT_BODY_LIMIT = 64 << 20;
/** As Go's client, and with it Prometheus. */
const MOST_REDIRECTS = 10;

const TIMED_OUT = Symbol('timed out');

type Attempt = {
  readonly agent: HttpAgent;
  readonly config: ScrapeConfig;
  readonly signal: AbortSignal;
  readonly slots: LargeBodySlots;
  readonly now: () => number;
  readonly authorization: string | null;
};

async function drop(response: Dispatcher.ResponseData): Promise<void> {
  response.body.on('error', () => undefined);
  // A short body is read so that the connection can be kept; a long one costs the connection.
  await response.body.dump({ limit: 64 * 1024 }).catch(() => undefined);
}

function header(response: Dispatcher.ResponseData, name: string): string | null {
  const value = response.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/**
 * Ends with the signal even while the connection is being made: undici hears of an abort only once it is connected.
 * The request left behind ends with the attempt to connect, which has a timeout of its own.
 */
function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function requestOnce(url: URL, attempt: Attempt): Promise<Dispatcher.ResponseData> {
  // The login goes to the configured host only, and never from an encrypted address to an open one.
  const keepsLogin = attempt.config.scheme === 'http' || url.protocol === 'https:';
  const send = (): Promise<Dispatcher.ResponseData> =>
    orAborted(
      attempt.signal,
      attempt.agent.dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: scrapeHeaders(attempt.config, keepsLogin ? attempt.authorization : null),
        signal: attempt.signal,
      }),
    );
  try {
    return await send();
  } catch (thrown) {
    // A server may close a kept connection in the moment it is used again; that is no failure of the target.
    if (attempt.signal.aborted || !isBrokenConnection(thrown)) throw thrown;
    return send();
  }
}

async function run(
  attempt: Attempt,
  current: { url: URL; answered: boolean },
  place: RequestPlace,
): Promise<Result<Answer>> {
  const { config } = attempt;
  for (let redirects = 0; ; redirects += 1) {
    current.answered = false;
    const sentMs = attempt.now();
    const response = await requestOnce(current.url, attempt);
    const receivedMs = attempt.now();
    current.answered = true;
    const next = redirectTarget(response.statusCode, header(response, 'location'), current.url);
    if (next) {
      await drop(response);
      if (next.hostname !== current.url.hostname)
        return err(appError('SCRAPE_REDIRECT_ELSEWHERE', { url: place.url, to: next.host }));
      if (redirects >= MOST_REDIRECTS)
        return err(appError('SCRAPE_REDIRECT_LOOP', { url: place.url, limit: MOST_REDIRECTS }));
      current.url = next;
      continue;
    }
    const refused = statusError(response.statusCode, place);
    if (refused) {
      await drop(response);
      return err(refused);
    }
    // In Prometheus a body of exactly the limit is too big already.
    const limit = config.bodySizeLimit > 0 ? config.bodySizeLimit - 1 : DEFAULT_BODY_LIMIT;
    const length = Number(header(response, 'content-length') ?? Number.NaN);
    const read = await readBody(response.body, {
      encoding: header(response, 'content-encoding'),
      length: Number.isFinite(length) ? length : null,
      limit,
      slots: attempt.slots,
      signal: attempt.signal,
    });
    switch (read.kind) {
      case 'broken':
        throw read.cause;
      case 'too_big':
        return err(
          appError('SCRAPE_TOO_BIG', {
            url: place.url,
            limit: formatBytes(config.bodySizeLimit || DEFAULT_BODY_LIMIT),
          }),
        );
      case 'encoding':
        return err(appError('SCRAPE_BAD_ENCODING', { url: place.url, encoding: read.encoding }));
      case 'bad_gzip':
        return err(appError('SCRAPE_BAD_GZIP', { url: place.url }, { detail: read.why }));
      case 'whole': {
        const contentType = header(response, 'content-type');
        if (looksLikeHtml(read.body)) return err(appError('SCRAPE_HTML', { url: place.url }));
        const remoteClock = clockOfDate(header(response, 'date'), sentMs, receivedMs);
        return ok({ status: response.statusCode, body: read.body, contentType, remoteClock });
      }
    }
  }
}

/** Makes the client. No proxy is used, whatever the environment says. */
export function createScrapeClient(deps: HttpClientDeps): ScrapeClient {
  const secrets = deps.secrets ?? NO_SECRETS;
  const agents = createAgents({ ...deps, lookup: createResolver(deps.clock) });
  const slots = createLargeBodySlots();

  const fetch = async (
    config: ScrapeConfig,
    outer: AbortSignal,
    observe?: ConnectObserver,
  ): Promise<Result<Answer>> => {
    const place = placeOf(config);
    const authorization = await authorizationOf(config, secrets, `${config.scheme}://${config.address}`);
    if (!authorization.ok) return authorization;
    const agent = await (observe ? agents.probe(config, observe) : agents.get(config));
    if (!agent.ok) return agent;
    if (outer.aborted) return err(appError('CANCELLED'));
    const abort = new AbortController();
    const onOuter = (): void => abort.abort(outer.reason);
    outer.addEventListener('abort', onOuter, { once: true });
    const cancelTimer = deps.timers.after(config.timeoutMs, () => abort.abort(TIMED_OUT));
    const current = { url: scrapeUrl(config), answered: false };
    const failure = (thrown: unknown): AppError => {
      if (outer.aborted) return appError('CANCELLED');
      const { protocol, hostname, port } = current.url;
      const key = originKey(protocol, hostname, port);
      if (!abort.signal.aborted) {
        const late = isBrokenConnection(thrown) ? agent.value.lateFailures.get(key) : undefined;
        return requestError(late ?? thrown, current.answered, place);
      }
      const step = current.answered ? null : (agent.value.underway.get(key) ?? null);
      return timeoutError(step, place);
    };
    try {
      const attempt = {
        agent: agent.value,
        config,
        signal: abort.signal,
        slots,
        now: deps.clock.now,
        authorization: authorization.value,
      };
      return await run(attempt, current, place);
    } catch (thrown) {
      return err(failure(thrown));
    } finally {
      cancelTimer();
      outer.removeEventListener('abort', onOuter);
      if (observe) void agent.value.dispatcher.destroy();
    }
  };

  return { fetch, close: () => agents.close() };
}
