import type { CheckOf } from '#shared/contract/checks.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { redirectTarget } from '../http/scrape-request.ts';
import { clockOfDate } from '../remote-clock.ts';
import { type Family, gauge, single } from '../workstation/families.ts';
import { type CheckProbe, failed, type ProbeDeps } from './check-probe.ts';
import { tlsFamilies, tlsMeasures } from './connection.ts';
import { unmet } from './expectations.ts';
import { exchange, type HttpAnswer } from './http-exchange.ts';
import { cut } from './steps.ts';

type Login = Pick<CheckOf<'http'>, 'username' | 'password' | 'bearer'>;

const SHOWN_BODY = 8 * 1024;

/** The value of the `Authorization` header of a login whose secrets are in the sealed store, or null for none. */
export async function authorization(
  { username, password, bearer }: Login,
  secret: ProbeDeps['secret'],
): Promise<Result<string | null>> {
  if (bearer !== null) {
    const token = await secret(bearer);
    return token.ok ? ok(`Bearer ${token.value}`) : token;
  }
  if (username === null) return ok(null);
  const word = password === null ? ok('') : await secret(password);
  if (!word.ok) return word;
  return ok(`Basic ${Buffer.from(`${username}:${word.value}`, 'utf8').toString('base64')}`);
}

const isExpected = (status: number, ranges: readonly string[]): boolean =>
  ranges.some((range) => {
    const [from = '', to = from] = range.split('-');
    return status >= Number(from) && status <= Number(to);
  });

/** Asks a web server and looks at what it answers: status, body, certificate, and how long each part took. */
export function createHttpProbe(deps: ProbeDeps): CheckProbe<'http'> {
  const { clock, secret } = deps;
  return async ({ what, timeoutMs, signal, steps }) => {
    const login = await authorization(what, secret);
    if (!login.ok) return failed(login.error);
    const start = new URL(what.url);
    let url = start;
    let ask = { method: what.method as string, body: what.body };
    for (let redirects = 0; ; redirects += 1) {
      // A login goes to the host that was entered only, and never from an encrypted address to an open one.
      const keepsLogin = url.host === start.host && (start.protocol === 'http:' || url.protocol === 'https:');
      const headers = {
        ...what.headers,
        ...(login.value !== null && keepsLogin ? { authorization: login.value } : {}),
        ...(ask.body === '' ? {} : { 'content-length': String(Buffer.byteLength(ask.body)) }),
      };
      const answered = await exchange(
        { url, ...ask, headers, tls: what.tls, timeoutMs, signal, steps },
        deps,
      );
      if (!answered.ok) return failed(answered.error);
      const answer = answered.value;
      const next = redirectTarget(answer.status, answer.headers.location ?? null, url);
      if (next !== null && what.redirects > 0) {
        if (redirects >= what.redirects)
          return failed(appError('SCRAPE_REDIRECT_LOOP', { url: what.url, limit: what.redirects }));
        // As browsers do it: only 307 and 308 keep the method.
        if (answer.status === 303 || (answer.status < 303 && ask.method === 'POST'))
          ask = { method: 'GET', body: '' };
        url = next;
        continue;
      }
      const text = answer.body.toString('utf8');
      const judged = await judge(what, answer, text);
      const remoteClock = clockOfDate(answer.headers.date ?? null, answer.sentAt, answer.answeredAt);
      return {
        error: judged.ok ? null : judged.error,
        sentence: judged.ok
          ? { zh: `HTTP ${answer.status}`, en: `HTTP ${answer.status}` }
          : judged.error.message,
        measures: {
          status: answer.status,
          body_bytes: answer.body.length,
          first_byte_seconds: answer.ms.processing / 1000,
          ...tlsMeasures(answer.tls, clock.now()),
        },
        families: httpFamilies(answer, redirects),
        output: cut(text, SHOWN_BODY),
        ...(remoteClock === null ? {} : { remoteClock }),
      };
    }
  };
}

async function judge(what: CheckOf<'http'>, answer: HttpAnswer, text: string): Promise<Result<null>> {
  const { status } = answer;
  if (!isExpected(status, what.statuses))
    return err(appError('CHECK_STATUS', { status, expected: what.statuses.join(', ') }));
  const error = await unmet(text, what.expect);
  return error === null ? ok(null) : err(error);
}

/** The series of the blackbox exporter about one exchange. */
function httpFamilies(answer: HttpAnswer, redirects: number): readonly Family[] {
  const length = Number(answer.headers['content-length'] ?? -1);
  return [
    gauge(
      'probe_http_duration_seconds',
      'Duration of http request by phase, summed over all redirects.',
      Object.entries(answer.ms).map(([phase, ms]) => ({ labels: { phase }, value: ms / 1000 })),
    ),
    single(
      'probe_dns_lookup_time_seconds',
      'Time taken to look the name up in seconds.',
      answer.ms.resolve / 1000,
    ),
    single('probe_http_status_code', 'Response HTTP status code.', answer.status),
    single(
      'probe_http_version',
      'Returns the version of HTTP of the probe response.',
      Number(answer.version),
    ),
    single(
      'probe_http_content_length',
      'Length of http content response.',
      Number.isFinite(length) ? length : -1,
    ),
    single(
      'probe_http_uncompressed_body_length',
      'Length of uncompressed response body.',
      answer.body.length,
    ),
    single('probe_http_redirects', 'The number of redirects.', redirects),
    single(
      'probe_http_ssl',
      'Indicates if SSL was used for the final redirect.',
      answer.tls === null ? 0 : 1,
    ),
    ...tlsFamilies(answer.tls),
  ];
}
