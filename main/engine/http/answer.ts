import { jsonString, jsonStrings } from '#shared/units/json-text.ts';
import type { ApiRefusal } from './refusal.ts';

/** What is sent back. `pieces` put behind each other are the body. */
export type Answer = {
  readonly status: number;
  readonly type: string | null;
  readonly pieces: Iterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
};

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';
/** What newer Prometheus servers say when a limit cut the answer. */
export const TRUNCATED = 'results truncated due to limit';

/** A success whose `data` is already JSON text. */
export function success(data: string | Iterable<string>, warnings: readonly string[] = []): Answer {
  const end = warnings.length === 0 ? '}' : `,"warnings":${jsonStrings(warnings)}}`;
  const begin = '{"status":"success","data":';
  const pieces = typeof data === 'string' ? [begin + data + end] : framed(begin, data, end);
  return { status: 200, type: JSON_TYPE, pieces };
}

function* framed(begin: string, data: Iterable<string>, end: string): Iterable<string> {
  // One piece is always held back, so that a small answer is one piece and gets a length.
  let held = begin;
  let isFirst = true;
  for (const piece of data) {
    if (!isFirst) yield held;
    held = isFirst ? held + piece : piece;
    isFirst = false;
  }
  yield held + end;
}

/** A refusal in the form of Prometheus's API. */
export function refused(refusal: ApiRefusal): Answer {
  const body = `{"status":"error","errorType":"${refusal.type}","error":${jsonString(refusal.message)}}`;
  return { status: refusal.status, type: JSON_TYPE, pieces: [body] };
}

/** No content: what Prometheus answers where there is nothing to say. */
export const nothing: Answer = { status: 204, type: null, pieces: [] };

/** A plain text. */
export function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, type: TEXT_TYPE, pieces: [body], headers };
}

/** A plain-text error as Go's http.Error writes it. */
export function textError(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return text(status, `${body}\n`, { 'X-Content-Type-Options': 'nosniff', ...headers });
}
