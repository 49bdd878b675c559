import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { baseUrl, isLoopback, type ListenAddress, namesLoopback } from './address.ts';
import { type Answer, refused, textError } from './answer.ts';
import type { Counters } from './counters.ts';
import { parseParams } from './params.ts';
import { ApiRefusal } from './refusal.ts';
import { answerAt, findRoute, type Route } from './router.ts';
import { sendAnswer } from './send.ts';
import { carriesToken } from './token.ts';

/** A listening API. */
export type ApiServer = {
  readonly address: ListenAddress;
  readonly url: string;
  /** Whether a token is asked for. */
  readonly guarded: boolean;
  /** Cuts every connection; queries that run are cancelled. */
  readonly close: () => Promise<void>;
};

/** What a server is made of. */
export type ServerParts = {
  readonly routes: readonly Route[];
  readonly counters: Counters;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Bounds of what one client may send or hold. */
const LIMITS = {
  bodyBytes: 1024 * 1024,
  headerBytes: 65_536,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 60_000,
  connections: 512,
} as const;

/**
 * Listens and answers.
 *
 * @param tokenHash the hash of the token that every request must carry, or null; without one only loopback is allowed
 * @returns API_TOKEN_NEEDED, API_PORT_IN_USE or API_CANNOT_LISTEN when it cannot be done
 */
export async function listenApi(
  address: ListenAddress,
  tokenHash: string | null,
  parts: ServerParts,
): Promise<Result<ApiServer>> {
  if (tokenHash === null && !isLoopback(address.host))
    return err(appError('API_TOKEN_NEEDED', { address: address.host }, { field: 'address' }));
  const server = createServer({
    maxHeaderSize: LIMITS.headerBytes,
    headersTimeout: LIMITS.headersMs,
    requestTimeout: LIMITS.requestMs,
    keepAliveTimeout: LIMITS.idleMs,
    connectionsCheckingInterval: 5_000,
  });
  server.maxConnections = LIMITS.connections;
  server.on('request', (request, response) => void serve(request, response, tokenHash, parts));
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address.port, address.host, resolve);
    });
  } catch (thrown) {
    return err(cannotListen(address, thrown));
  }
  server.on('error', (error) => parts.logger.log('error', 'the HTTP API broke off', { what: error.message }));
  // A listening TCP server always has an address with a port.
  const bound = { host: address.host, port: (server.address() as AddressInfo).port };
  return ok({
    address: bound,
    url: baseUrl(bound),
    guarded: tokenHash !== null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function cannotListen({ host, port }: ListenAddress, thrown: unknown): AppError {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : '';
  const detail = describeThrown(thrown);
  if (code === 'EADDRINUSE')
    return appError('API_PORT_IN_USE', { address: host, port }, { field: 'port', detail });
  return appError('API_CANNOT_LISTEN', { address: host, port, why: detail }, { field: 'address', detail });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  tokenHash: string | null,
  parts: ServerParts,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  let handler = '';
  try {
    const answer =
      keepOut(request, tokenHash) ??
      (await routed(request, path, mark < 0 ? '' : url.slice(mark + 1), gone.signal, parts, (route) => {
        handler = route;
      }));
    parts.counters.request(handler, answer.status);
    await sendAnswer(response, answer, request.headers['accept-encoding']);
  } catch (thrown) {
    // Only a client that broke off, or a bug, comes here; in both cases nothing more can be said to the client.
    if (!gone.signal.aborted)
      parts.logger.log('error', 'an HTTP answer failed', { path, what: describeThrown(thrown) });
    response.destroy();
  }
}

/** Refuses who may not ask at all: without the token, or from a web page that made its own name point here. */
function keepOut(request: IncomingMessage, tokenHash: string | null): Answer | null {
  const { headers } = request;
  if (tokenHash !== null) {
    if (carriesToken(headers.authorization, tokenHash)) return null;
    return textError(401, 'Unauthorized', { 'WWW-Authenticate': 'Bearer' });
  }
  if (!namesLoopback(headers.host)) return textError(403, 'host not allowed');
  // Browsers say so when a page of another origin asks; its script could not read the answer, but would cost a query.
  if (headers['sec-fetch-site'] === 'cross-site') return textError(403, 'cross-site request not allowed');
  return null;
}

async function routed(
  request: IncomingMessage,
  path: string,
  search: string,
  signal: AbortSignal,
  parts: ServerParts,
  onRoute: (path: string) => void,
): Promise<Answer> {
  const found = findRoute(parts.routes, request.method ?? '', path);
  if (found.route === null) return found.answer;
  onRoute(found.route.path);
  const form = request.method === 'POST' ? await readForm(request) : '';
  if (form === null)
    return refused(new ApiRefusal('bad_data', 'error parsing form values: http: POST too large'));
  const asked = { params: parseParams(form, search), path: found.path, signal, now: parts.clock.now() };
  const began = parts.clock.monotonic();
  const answer = await answerAt(found.route, asked, (what) =>
    parts.logger.log('error', 'an HTTP endpoint threw', { path, what }),
  );
  if (found.route.path.startsWith('/api/v1/query'))
    parts.counters.query((parts.clock.monotonic() - began) / 1000);
  return answer;
}

/** The body of a form, '' when the request has none, null when it is too large. */
function readForm(request: IncomingMessage): Promise<string | null> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? ''))
    return Promise.resolve('');
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LIMITS.bodyBytes) {
        chunks.push(chunk);
        return;
      }
      // What still comes is let go by, so that the answer reaches the client; the request's time limit bounds it.
      resolve(null);
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
  });
}
