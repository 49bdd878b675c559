import * as z from 'zod';
import type { RemoteServer } from '#shared/contract/remote.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { HttpClient } from '../../platform/http/client.ts';

/** Parameters of a request; a list is given once for each of its values. */
export type ApiParams = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The largest answer that is read, decompressed. */
const ANSWER_LIMIT = 32 << 20;

const envelope = z.object({
  status: z.enum(['success', 'error']),
  data: z.unknown().optional(),
  errorType: z.string().max(200).optional(),
  error: z.string().optional(),
});

/** The address of a path of the API under the configured one, which may end in a path of its own. */
export function apiUrl(server: Pick<RemoteServer, 'url'>, path: string): URL {
  const url = new URL(server.url);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v1/${path}`;
  return url;
}

/**
 * Asks Prometheus's HTTP API. The answer is taken whole or refused whole.
 *
 * @param method POST sends long expressions in the body; some paths only know GET
 * @returns PROMQL_INVALID and PROMQL_EXECUTION as the local engine, REMOTE_SOURCE_* when the server or its answer is at
 *   fault, CANCELLED
 */
export async function askApi(
  http: HttpClient,
  server: RemoteServer,
  method: 'GET' | 'POST',
  path: string,
  params: ApiParams,
  signal: AbortSignal,
): Promise<Result<unknown>> {
  const url = apiUrl(server, path);
  const shown = url.origin + url.pathname;
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) form.append(name, one);
  if (method === 'GET') for (const [name, value] of form) url.searchParams.append(name, value);
  const answer = await http.call({
    server,
    url,
    method,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
    body: method === 'POST' ? Buffer.from(form.toString(), 'utf8') : null,
    limit: ANSWER_LIMIT,
    signal,
  });
  if (!answer.ok)
    return answer.error.code === 'CANCELLED'
      ? answer
      : err(appError('REMOTE_SOURCE_FAILED', { url: shown, why: answer.error.message }));
  const { status, body, tooBig } = answer.value;
  if (tooBig) return err(appError('REMOTE_SOURCE_TOO_BIG', { url: shown, limit: formatBytes(ANSWER_LIMIT) }));
  const bad = (why: string): Result<never> =>
    err(appError('REMOTE_SOURCE_ANSWER', { url: shown, why: `HTTP ${status}, ${why}` }));
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (thrown) {
    return bad(describeThrown(thrown).slice(0, 200));
  }
  const parsed = envelope.safeParse(json);
  if (!parsed.success) return bad('no "status"');
  if (parsed.data.status === 'error')
    return err(apiError(parsed.data.errorType ?? '', (parsed.data.error ?? '').slice(0, 1000), shown));
  if (status < 200 || status > 299) return bad('but "success"');
  return ok(parsed.data.data);
}

function apiError(type: string, text: string, url: string) {
  const place = /(\d+):(\d+): parse error: ([\s\S]*)$/.exec(text);
  if (place) return appError('PROMQL_INVALID', { column: place[2] ?? '1', why: place[3] ?? text });
  if (type === 'execution') return appError('PROMQL_EXECUTION', { why: text });
  return appError('REMOTE_SOURCE_FAILED', { url, why: text === '' ? type : text });
}
