import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { CheckTls } from '#shared/contract/checks.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { requestError, timeoutError } from '../../platform/http/request-errors.ts';
import type { ProbeDeps } from './check-probe.ts';
import { type Opened, openConnection, placeOf, type TlsFacts } from './connection.ts';
import type { StepLog } from './steps.ts';

/** What is asked. */
export type HttpAsk = {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly tls: CheckTls | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly steps: StepLog;
};

/** One answer, with how long each part took. Milliseconds. */
export type HttpAnswer = {
  readonly status: number;
  readonly version: string;
  readonly headers: IncomingMessage['headers'];
  /** Decompressed. */
  readonly body: Buffer;
  /** Bytes of the body as they came. */
  readonly bodyBytes: number;
  readonly tls: TlsFacts | null;
  readonly ms: {
    readonly resolve: number;
    readonly connect: number;
    readonly tls: number;
    /** From the request to the first byte of the answer. */
    readonly processing: number;
    readonly transfer: number;
  };
  /** When the request went and when the first byte came, UTC milliseconds. */
  readonly sentAt: number;
  readonly answeredAt: number;
};

/** The largest body that is read; a check looks at a page, it does not fetch a file. */
const LARGEST_BODY = 4 << 20;
const LARGEST_HEADER = 64 * 1024;
/** Answers like 103 that may come before the one that counts; a server that sends nothing else would never end. */
const MOST_EARLY_ANSWERS = 100;

/** Makes one request on a connection of its own and reads its answer to the end. Redirects are answers like others. */
export async function exchange(
  ask: HttpAsk,
  deps: Pick<ProbeDeps, 'clock' | 'timers' | 'lookup'>,
): Promise<Result<HttpAnswer>> {
  const { url } = ask;
  const secure = url.protocol === 'https:';
  const to = {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || (secure ? 443 : 80)),
    timeoutMs: ask.timeoutMs,
    signal: ask.signal,
    steps: ask.steps,
    tls: secure ? (ask.tls ?? { insecureSkipVerify: false }) : null,
  };
  const opened = await openConnection(to, deps);
  if (!opened.ok) return opened;
  try {
    return await send(ask, opened.value, placeOf(to, url.href), deps);
  } finally {
    opened.value.socket.destroy();
  }
}

function send(
  ask: HttpAsk,
  opened: Opened,
  place: ReturnType<typeof placeOf>,
  { clock }: Pick<ProbeDeps, 'clock'>,
): Promise<Result<HttpAnswer>> {
  const { url, steps, signal } = ask;
  return new Promise((resolve) => {
    const start = clock.monotonic();
    const sentAt = clock.now();
    let firstByte = 0;
    let answeredAt = 0;
    let answered = false;
    let isOver = false;
    let endStep = steps.begin({ zh: '请求', en: 'request' });
    let asked: ClientRequest | null = null;
    const finish = (result: Result<HttpAnswer>): void => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener('abort', onAbort);
      if (!result.ok) endStep(false, result.error.detail ?? '');
      asked?.destroy();
      resolve(result);
    };
    const fail = (error: AppError): void => finish(err(error));
    const onAbort = (): void => fail(timeoutError(null, place));
    signal.addEventListener('abort', onAbort, { once: true });
    const onThrown = (thrown: unknown): void => fail(requestError(thrown, answered, place));
    try {
      asked = request({
        createConnection: () => opened.socket,
        method: ask.method,
        path: url.pathname + url.search,
        headers: {
          host: url.host,
          'user-agent': 'HMTT-Console',
          accept: '*/*',
          connection: 'close',
          ...ask.headers,
        },
        setHost: false,
        maxHeaderSize: LARGEST_HEADER,
      });
    } catch (thrown) {
      // A path or a header that cannot be written.
      onThrown(thrown);
      return;
    }
    asked.on('error', onThrown);
    let early = 0;
    asked.on('information', ({ statusCode }) => {
      early += 1;
      if (early > MOST_EARLY_ANSWERS)
        fail(appError('CHECK_ANSWER_INVALID', { why: `HTTP ${statusCode} × ${early}` }));
    });
    asked.on('response', (response) => {
      answered = true;
      firstByte = clock.monotonic();
      answeredAt = clock.now();
      endStep(
        true,
        `HTTP/${response.httpVersion} ${response.statusCode} ${response.statusMessage ?? ''}`.trim(),
      );
      endStep = steps.begin({ zh: '读取正文', en: 'read the body' });
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > LARGEST_BODY)
          fail(appError('CHECK_ANSWER_TOO_BIG', { limit: formatBytes(LARGEST_BODY) }));
        else chunks.push(chunk);
      });
      response.on('error', onThrown);
      response.on('aborted', () => fail(appError('SCRAPE_CUT_SHORT', { url: place.url })));
      response.on('end', () => {
        const body = decode(Buffer.concat(chunks), response.headers['content-encoding'] ?? '');
        if (!body.ok) {
          fail(body.error);
          return;
        }
        const end = clock.monotonic();
        endStep(true, formatBytes(bytes));
        finish(
          ok({
            status: response.statusCode ?? 0,
            version: response.httpVersion,
            headers: response.headers,
            body: body.value,
            bodyBytes: bytes,
            tls: opened.tls,
            ms: { ...opened.ms, processing: firstByte - start, transfer: end - firstByte },
            sentAt,
            answeredAt,
          }),
        );
      });
    });
    asked.end(ask.body === '' ? undefined : ask.body);
  });
}

/** Nothing is asked for compressed, but some servers compress all the same. */
function decode(body: Buffer, encoding: string): Result<Buffer> {
  const options = { maxOutputLength: LARGEST_BODY };
  try {
    switch (encoding.toLowerCase()) {
      case 'gzip':
      case 'x-gzip':
        return ok(body.length === 0 ? body : gunzipSync(body, options));
      case 'deflate':
        return ok(body.length === 0 ? body : inflateSync(body, options));
      case 'br':
        return ok(body.length === 0 ? body : brotliDecompressSync(body, options));
      default:
        return ok(body);
    }
  } catch (thrown) {
    return err(appError('CHECK_ANSWER_INVALID', { why: describeThrown(thrown) }));
  }
}
