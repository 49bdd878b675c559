import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A document as the server keeps it. */
export type BulkDocument = {
  readonly index: string;
  readonly id: string;
  readonly source: Record<string, unknown>;
};

/** What the server does to a request before it reads it, or to a document; null lets it pass. */
export type BulkFaults = {
  request?: (n: number, bytes: number) => { status: number; body?: string } | 'cut' | 'cut-after' | null;
  document?: (document: BulkDocument, n: number) => { status: number; type: string } | null;
};

/** A strict server of the bulk protocol, as far as an output uses it: it refuses whatever a real one would refuse. */
export type BulkServer = {
  readonly url: string;
  readonly documents: Map<string, BulkDocument>;
  /** What a client did wrong; must stay empty. */
  readonly complaints: string[];
  readonly requests: () => number;
  readonly conflicts: () => number;
  readonly searches: { path: string; body: unknown }[];
  faults: BulkFaults;
  /** Told of the Authorization header of every request that has one. */
  onAuthorization: (value: string) => void;
  /** What `_search` and `_count` answer. */
  answer: (path: string, body: unknown) => { status: number; body: unknown };
  readonly close: () => Promise<void>;
};

const ILLEGAL_INDEX = /[A-Z\\/*?"<>| ,#:]|^[-_+.]/;

/** Starts the server on a free port of the loopback interface. */
export async function startBulkServer(
  distribution: 'elasticsearch' | 'opensearch' = 'elasticsearch',
): Promise<BulkServer> {
  const documents = new Map<string, BulkDocument>();
  const complaints: string[] = [];
  const searches: BulkServer['searches'] = [];
  let count = 0;
  let conflicts = 0;
  const complain = (response: ServerResponse, why: string): unknown => {
    complaints.push(why);
    return json(response, 400, { error: { type: 'illegal_argument_exception', reason: why } });
  };
  const bulk = (
    body: string,
    request: IncomingMessage,
    response: ServerResponse,
    cutAfter: boolean,
  ): unknown => {
    if (request.headers['content-type'] !== 'application/x-ndjson') return complain(response, 'content type');
    if (!body.endsWith('\n'))
      return complain(response, 'the bulk request must be terminated by a newline [\\n]');
    const lines = body.slice(0, -1).split('\n');
    if (lines.length % 2 !== 0) return complain(response, 'an action without a source');
    const items: unknown[] = [];
    let errors = false;
    for (let i = 0; i < lines.length; i += 2) {
      const action = JSON.parse(lines[i] ?? '') as Record<string, { _index?: string; _id?: string }>;
      const [[name, meta]] = Object.entries(action) as [[string, { _index?: string; _id?: string }]];
      if (name !== 'create' || Object.keys(action).length !== 1) return complain(response, `action ${name}`);
      const { _index: index = '', _id: id = '' } = meta;
      if (index === '' || ILLEGAL_INDEX.test(index)) return complain(response, `index ${index}`);
      if (id === '' || Buffer.byteLength(id) > 512) return complain(response, `id ${id}`);
      const source = JSON.parse(lines[i + 1] ?? '') as Record<string, unknown>;
      if (Number.isNaN(Date.parse(String(source['@timestamp'])))) return complain(response, '@timestamp');
      const document = { index, id, source };
      const fault = faults(document, documents.size);
      const key = `${index}/${id}`;
      if (fault !== null) {
        errors = true;
        items.push({
          create: {
            _index: index,
            _id: id,
            status: fault.status,
            error: { type: fault.type, reason: 'told to' },
          },
        });
      } else if (documents.has(key)) {
        errors = true;
        conflicts += 1;
        items.push({
          create: {
            _index: index,
            _id: id,
            status: 409,
            error: { type: 'version_conflict_engine_exception', reason: 'exists' },
          },
        });
      } else {
        documents.set(key, document);
        items.push({ create: { _index: index, _id: id, status: 201, result: 'created' } });
      }
    }
    if (cutAfter) return response.destroy();
    return json(response, 200, { took: 1, errors, items });
  };
  const faults = (document: BulkDocument, n: number) => state.faults.document?.(document, n) ?? null;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      const path = request.url ?? '';
      if (request.headers.authorization !== undefined) state.onAuthorization(request.headers.authorization);
      if (request.method === 'GET' && path === '/')
        return json(response, 200, {
          version: distribution === 'opensearch' ? { number: '2.17.0', distribution } : { number: '8.15.0' },
          tagline: 'You Know, for Search',
        });
      if (path !== '/_bulk') {
        searches.push({ path, body: body === '' ? null : JSON.parse(body) });
        const answer = state.answer(path, body === '' ? null : JSON.parse(body));
        return json(response, answer.status, answer.body);
      }
      count += 1;
      const fault = state.faults.request?.(count, body.length) ?? null;
      if (fault === 'cut') return response.destroy();
      if (fault !== null && fault !== 'cut-after') {
        response.writeHead(fault.status, { 'content-type': 'application/json' });
        return response.end(fault.body ?? '{"error":"told to"}');
      }
      return bulk(body, request, response, fault === 'cut-after');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: BulkServer = {
    url: `http://127.0.0.1:${port}`,
    documents,
    complaints,
    searches,
    requests: () => count,
    conflicts: () => conflicts,
    faults: {},
    onAuthorization: () => undefined,
    answer: () => ({ status: 404, body: {} }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return state;
}

function json(response: ServerResponse, status: number, body: unknown): unknown {
  response.writeHead(status, { 'content-type': 'application/json' });
  return response.end(JSON.stringify(body));
}
