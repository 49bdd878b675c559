import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { type ConnectStep, ConnectTimeout, TlsFailure } from './connect-failures.ts';

/** What an error sentence needs to know about the request. */
export type RequestPlace = {
  /** Without user name and password. */
  readonly url: string;
  /** `host:port`. */
  readonly address: string;
  readonly name: string;
  readonly timeoutMs: number;
};

/** Errors before which nothing of an answer had come; on a kept connection that may be the server's idle timeout. */
const BROKEN_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED']);

const NO_PATH = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL']);
const NO_NAME = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NONAME', 'EAI_NODATA', 'ENODATA']);

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
]);

/** The code of a thrown value; of an attempt at several addresses, the code of the first one. */
export function codeOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return codeOf(thrown.errors[0]);
  const code = (thrown as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** True when the connection broke before any answer, so that one more try on a new one is worth it. */
export function isBrokenConnection(thrown: unknown): boolean {
  return !(thrown instanceof TlsFailure) && BROKEN_CONNECTION.has(codeOf(thrown));
}

function tlsError(failure: TlsFailure, place: RequestPlace): AppError {
  const { address } = place;
  const detail = { detail: `${failure.code}: ${failure.message}` };
  if (UNTRUSTED.has(failure.code)) return appError('SCRAPE_TLS_UNTRUSTED', { address }, detail);
  if (failure.code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return appError('SCRAPE_TLS_WRONG_NAME', { address }, detail);
  if (failure.code === 'CERT_HAS_EXPIRED' || failure.code === 'CERT_NOT_YET_VALID')
    return appError('SCRAPE_TLS_EXPIRED', { address }, detail);
  if (isClientCertificateAlert(failure)) return appError('SCRAPE_TLS_CLIENT_REFUSED', { address }, detail);
  return appError('SCRAPE_TLS_FAILED', { address, why: opensslReason(failure.message) }, detail);
}

/** The words of an OpenSSL error, without its numbers and source file. */
function opensslReason(message: string): string {
  return /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message;
}

function isClientCertificateAlert(thrown: unknown): boolean {
  return /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN)|alert (certificate required|bad certificate|unknown ca)/i.test(
    `${codeOf(thrown)} ${describeThrown(thrown)}`,
  );
}

/** Says what a scrape that ran out of time was waiting for. `step` is the part of connecting it was in, or null. */
export function timeoutError(step: ConnectStep | null, place: RequestPlace): AppError {
  const seconds = place.timeoutMs / 1000;
  if (step === 'resolve') return appError('SCRAPE_NAME_TIMEOUT', { name: place.name, seconds });
  if (step === 'connect') return appError('SCRAPE_CONNECT_TIMEOUT', { address: place.address, seconds });
  return appError('SCRAPE_TIMEOUT', { url: place.url, seconds });
}

function isNotHttp(thrown: unknown, code: string): boolean {
  // The parser's error carries a code only for some of its reasons, but always its name.
  const parser = (thrown as { readonly name?: unknown } | null)?.name === 'HTTPParserError';
  return parser || code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW';
}

/**
 * Turns what a request threw into what an operator can read.
 *
 * @param answered true when the status line had come: then the answer was cut short
 */
export function requestError(thrown: unknown, answered: boolean, place: RequestPlace): AppError {
  const code = codeOf(thrown);
  const { address, url, name } = place;
  const detail = { detail: `${code === '' ? 'error' : code}: ${describeThrown(thrown)}` };
  if (thrown instanceof TlsFailure) return tlsError(thrown, place);
  if (thrown instanceof ConnectTimeout) return timeoutError('connect', place);
  if (NO_NAME.has(code)) return appError('SCRAPE_NAME_UNKNOWN', { name }, detail);
  if (NO_PATH.has(code)) return appError('SCRAPE_NO_ROUTE', { address }, detail);
  if (code === 'ECONNREFUSED') return appError('SCRAPE_REFUSED', { address }, detail);
  if (code === 'ETIMEDOUT')
    return answered
      ? appError('SCRAPE_TIMEOUT', { url, seconds: place.timeoutMs / 1000 }, detail)
      : timeoutError('connect', place);
  if (!answered && isNotHttp(thrown, code)) return appError('SCRAPE_NOT_HTTP', { address }, detail);
  if (answered) return appError('SCRAPE_CUT_SHORT', { url }, detail);
  if (BROKEN_CONNECTION.has(code)) return appError('SCRAPE_RESET', { address }, detail);
  return appError('SCRAPE_CONNECTION_FAILED', { address, why: describeThrown(thrown) }, detail);
}
