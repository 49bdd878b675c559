import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EngineClient } from '#shared/contract/client.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { parseDuration } from '#shared/units/duration.ts';
import { parseTime } from '#shared/units/time.ts';
import { version } from './index.ts';

/** A running API server. */
export type HttpApi = { readonly url: string; readonly close: () => Promise<void> };

const MAX_FORM_BYTES = 1024 * 1024;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Serves the queries of Prometheus's HTTP API read-only on loopback.
 *
 * @param listen `127.0.0.1:PORT`; port 0 takes any free one. An address that is not loopback is refused.
 */
export async function serveHttpApi(listen: string, client: EngineClient): Promise<Result<HttpApi>> {
  const colon = listen.lastIndexOf(':');
  const host = listen.slice(0, colon);
  const port = Number(listen.slice(colon + 1));
  if (!LOOPBACK.has(host) || !Number.isInteger(port) || port < 0 || port > 65_535) {
    return err(
      appError('BAD_INPUT', {
        method: 'serve',
        field: '--listen',
        why: 'not a loopback address with a port',
      }),
    );
  }
  const server = createServer((request, response) => {
    void answer(client, request).then(
      ({ status, body }) => send(response, status, body),
      (thrown: unknown) =>
        send(response, 500, { status: 'error', errorType: 'internal', error: describeThrown(thrown) }),
    );
  });
  server.requestTimeout = 30_000;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host.replace(/[[\]]/g, ''), resolve);
    });
  } catch (thrown) {
    return err(appError('BAD_INPUT', { method: 'serve', field: '--listen', why: describeThrown(thrown) }));
  }
  // A listening TCP server always has an address with a port.
  const bound = server.address() as AddressInfo;
  return ok({
    url: `http://${host}:${bound.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

type Answer = { readonly status: number; readonly body: unknown };

async function answer(client: EngineClient, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://loopback');
  // A web page must not reach the API through a name that it made point here.
  const named = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (!LOOPBACK.has(named)) return bad('host not allowed', 403);
  const params = request.method === 'POST' ? await form(request, url.searchParams) : url.searchParams;
  const now = Date.now();
  const time = (name: string): number | undefined => {
    const text = params.get(name);
    return text === null ? undefined : (parseTime(text, now) ?? Number.NaN);
  };
  switch (url.pathname) {
    case '/-/ready':
      return { status: 200, body: { status: 'success' } };
    case '/api/v1/status/buildinfo':
      return success({ version, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' });
    case '/api/v1/query': {
      const at = time('time');
      if (at !== undefined && Number.isNaN(at)) return bad('invalid parameter "time"');
      const result = await client.call('metrics.query', {
        expr: params.get('query') ?? '',
        ...(at === undefined ? {} : { time: at }),
      });
      return fromResult(result);
    }
    case '/api/v1/query_range': {
      const [start, end] = [time('start'), time('end')];
      const stepText = params.get('step') ?? '';
      const stepMs = /^\d+(\.\d+)?$/.test(stepText) ? Number(stepText) * 1000 : parseDuration(stepText);
      if (start === undefined || Number.isNaN(start)) return bad('invalid parameter "start"');
      if (end === undefined || Number.isNaN(end)) return bad('invalid parameter "end"');
      if (stepMs === null || stepMs <= 0) return bad('invalid parameter "step"');
      return fromResult(
        await client.call('metrics.queryRange', {
          expr: params.get('query') ?? '',
          start,
          end,
          stepMs: Math.round(stepMs),
        }),
      );
    }
    default:
      return bad('not found', 404);
  }
}

function success(data: unknown): Answer {
  return { status: 200, body: { status: 'success', data } };
}

function bad(error: string, status = 400): Answer {
  return { status, body: { status: 'error', errorType: 'bad_data', error } };
}

function fromResult(result: { ok: true; value: unknown } | { ok: false; error: AppError }): Answer {
  return result.ok ? success(result.value) : bad(result.error.message.en);
}

async function form(request: IncomingMessage, query: URLSearchParams): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM_BYTES) throw new Error('request body too large');
  }
  const merged = new URLSearchParams(text);
  for (const [name, value] of query) merged.append(name, value);
  return merged;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
