import * as z from 'zod';
import type { LogOutput, RemoteLogServer } from '#shared/contract/logs-pipelines.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { HttpClient } from '../../platform/http/client.ts';

type Connection = Pick<LogOutput, 'servers' | 'basicAuth' | 'bearerToken' | 'apiKey' | 'tls' | 'timeoutMs'>;

/** What a server answered. */
export type ServerAnswer = { readonly status: number; readonly text: string; readonly url: string };

const ANSWER_LIMIT = 64 * 1024 * 1024;

/**
 * Asks an Elasticsearch or OpenSearch server. Requests are plain JSON, which every version of both understands; their
 * own clients refuse each other's servers (docs/adr).
 */
export class SearchServer {
  readonly #connection: Connection;
  readonly #http: HttpClient;
  /** The address that answered last. */
  #current = 0;

  constructor(connection: Connection | RemoteLogServer, http: HttpClient) {
    this.#connection = connection;
    this.#http = http;
  }

  get url(): string {
    return this.#connection.servers[this.#current] ?? '';
  }

  /** Makes a request to the address that answered last; when it cannot be reached the next one is taken. */
  async ask(
    method: 'GET' | 'POST',
    path: string,
    body: { readonly text: string; readonly type: 'application/json' | 'application/x-ndjson' } | null,
    signal: AbortSignal,
  ): Promise<Result<ServerAnswer>> {
    const { servers, apiKey } = this.#connection;
    let last: AppError = appError('CANCELLED');
    for (let tries = 0; tries < servers.length; tries += 1) {
      const base = this.url;
      const answer = await this.#http.call({
        server: this.#connection,
        url: new URL(base.replace(/\/$/, '') + path),
        method,
        headers: {
          accept: 'application/json',
          ...(body === null ? {} : { 'content-type': body.type }),
          ...(apiKey === undefined ? {} : { authorization: `ApiKey ${apiKey}` }),
        },
        body: body === null ? null : Buffer.from(body.text),
        limit: ANSWER_LIMIT,
        signal,
      });
      if (answer.ok) {
        const { status, body: bytes } = answer.value;
        return ok({ status, text: Buffer.from(bytes).toString('utf8'), url: base });
      }
      last = answer.error;
      if (last.code === 'CANCELLED') break;
      this.#current = (this.#current + 1) % servers.length;
    }
    return err(last);
  }
}

const rootSchema = z.object({
  version: z.object({ number: z.string().max(50), distribution: z.string().max(50).optional() }),
  tagline: z.string().optional(),
});

/** Asks a server what it is; a text says why it is none of those that are known. */
export async function identify(
  server: SearchServer,
  signal: AbortSignal,
): Promise<Result<{ readonly product: string; readonly version: string }> | { readonly why: string }> {
  const answer = await server.ask('GET', '/', null, signal);
  if (!answer.ok) return answer;
  const { status, text } = answer.value;
  if (status !== 200) return { why: `HTTP ${status}: ${text.trim().slice(0, 200)}` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // JSON.parse has no other way to say that the text is none.
    json = null;
  }
  const root = rootSchema.safeParse(json);
  if (!root.success) return { why: 'neither Elasticsearch nor OpenSearch' };
  const { number, distribution } = root.data.version;
  return ok({ product: distribution === 'opensearch' ? 'OpenSearch' : 'Elasticsearch', version: number });
}
