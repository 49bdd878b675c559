import type { AppError } from '#shared/errors/index.ts';
import { appError } from '#shared/errors/index.ts';
import type { HttpCall, HttpClient } from '../../platform/http/client.ts';
import { later, never, oneLine, type SendOutcome } from '../sender.ts';

/** The most of an answer that is read: enough for what a server says about a failure. */
const ANSWER_BYTES = 64 * 1024;
/** A server that asks for a longer pause than this is asked again after it all the same. */
const LONGEST_PAUSE_MS = 10 * 60_000;

/** Where something is posted, and how. */
export type Post = {
  readonly server: HttpCall['server'];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
};

/** Posts a JSON document. Redirects are not followed: a notice goes to where it was told to go, or nowhere. */
export async function postJson(http: HttpClient, post: Post, signal: AbortSignal): Promise<SendOutcome> {
  const url = new URL(post.url);
  const where = url.origin + url.pathname;
  const answer = await http.call({
    server: post.server,
    url,
    method: 'POST',
    headers: { ...post.headers, 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(post.json), 'utf8'),
    limit: ANSWER_BYTES,
    signal,
  });
  if (!answer.ok) return later(unreachable(where, answer.error), answer.error.detail ?? '');
  const { status, body, tooBig, retryAfter } = answer.value;
  const said = tooBig ? `> ${ANSWER_BYTES} B` : oneLine(Buffer.from(body).toString('utf8'));
  const text = `HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  if (status >= 200 && status < 300) return { ok: true, answer: text };
  if (judgedTheNotice(status)) return never(appError('CHANNEL_REFUSED', { where, answer: text }), text);
  if (status === 401 || status === 403 || status === 407)
    return later(appError('CHANNEL_LOGIN_REFUSED', { where, answer: text }), text);
  return later(
    appError('CHANNEL_NOT_NOW', { where, answer: text }),
    text,
    'all-later',
    status === 429 || status === 503 ? pauseOf(retryAfter) : null,
  );
}

/** True for answers about what was sent, which would come again; all others are about the server, or how it is reached. */
function judgedTheNotice(status: number): boolean {
  return status === 400 || status === 413 || status === 415 || status === 422;
}

/** Seconds of a Retry-After header; one that is a date is passed over, because clocks of air-gapped sites differ. */
function pauseOf(retryAfter: string | null): number | null {
  const text = retryAfter?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Math.min(Number(text) * 1000, LONGEST_PAUSE_MS) : null;
}

function unreachable(where: string, error: AppError): AppError {
  const place = error.detail === undefined ? {} : { detail: error.detail };
  if (error.code.startsWith('SCRAPE_TLS_'))
    return appError('CHANNEL_TLS', { where, why: error.message }, place);
  return appError('CHANNEL_UNREACHABLE', { where, why: error.message }, place);
}
