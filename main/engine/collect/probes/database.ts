import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { CheckTls } from '#shared/contract/checks.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { codeOf, requestError } from '../../platform/http/request-errors.ts';
import { loadTls } from '../../platform/http/tls-options.ts';
import { single } from '../workstation/families.ts';
import { type Finding, failed, type ProbeDeps } from './check-probe.ts';
import { placeOf } from './connection.ts';
import { guardSockets, resolveHost, type SocketGuard } from './guarded-socket.ts';
import { cut, type StepLog } from './steps.ts';

/** What every check of a database server is given. */
export type DatabaseAsk = {
  readonly host: string;
  readonly port: number;
  readonly password: string | null;
  readonly tls: CheckTls | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly steps: StepLog;
};

/** A server that can be dialled: its address, the secret, and who looks after the sockets. */
export type DatabasePeer = {
  /** An IP address. */
  readonly address: string;
  readonly password: string | undefined;
  readonly tls: ConnectionOptions | undefined;
  readonly guard: SocketGuard;
};

/** A failure that the server itself told; anything else is one of the connection. */
export class ServerSays extends Error {
  override readonly name = 'ServerSays';
}

/** Codes of Node's own errors of connections and TLS; a database's errors have codes of their own. */
const CONNECTION_CODE = /^(E[A-Z]+|ERR_|CERT_|DEPTH_|SELF_|UNABLE_|HOSTNAME_)/;

/**
 * Connects, asks and compares, whatever the library: within bounds of time and bytes, with every failure as a value.
 *
 * @param ask returns the value as the server writes it; it throws what the library throws
 */
export async function askDatabase(
  what: DatabaseAsk,
  expect: string | null,
  deps: ProbeDeps,
  ask: (peer: DatabasePeer) => Promise<string | null>,
): Promise<Finding> {
  const { steps, signal, host } = what;
  const password = what.password === null ? ok(undefined) : await deps.secret(what.password);
  if (!password.ok) return failed(password.error);
  const tls = what.tls === null ? ok(undefined) : await tlsOf(what.tls, host);
  if (!tls.ok) return failed(tls.error);
  const address = await resolveHost(host, steps, deps);
  if (!address.ok) return failed(address.error);
  const guard = guardSockets(signal, deps);
  try {
    const value = await ask({ address: address.value, password: password.value, tls: tls.value, guard });
    return compare(value, expect);
  } catch (thrown) {
    return failed(guard.why() ?? databaseError(thrown, what));
  } finally {
    guard.close();
  }
}

async function tlsOf(tls: CheckTls, host: string): Promise<Result<ConnectionOptions>> {
  const { caFile, certFile, keyFile, serverName, insecureSkipVerify } = tls;
  const loaded = await loadTls({ caFile, certFile, keyFile, serverName, insecureSkipVerify });
  if (!loaded.ok) return err(loaded.error);
  // The library is given an address; the certificate is compared with the name.
  const name = serverName ?? (isIP(host) === 0 ? host : undefined);
  return ok({ ...loaded.value, ...(name === undefined ? {} : { servername: name }) });
}

function databaseError(thrown: unknown, what: DatabaseAsk): AppError {
  if (what.signal.aborted) {
    const step = what.steps.underway() ?? { zh: '连接', en: 'connect' };
    return timeoutOf(step.en, what.timeoutMs);
  }
  const why = describeThrown(thrown);
  if (!(thrown instanceof ServerSays) && CONNECTION_CODE.test(codeOf(thrown)))
    return requestError(thrown, false, placeOf(what));
  // Without a code it is the library that could not read what came.
  const isProtocol = !(thrown instanceof ServerSays) && codeOf(thrown) === '';
  return isProtocol
    ? appError('CHECK_ANSWER_INVALID', { why: cut(why, 300) })
    : appError('CHECK_SERVER_SAYS', { why: cut(why, 300) });
}

/** The error of a check that ran out of time in one of its steps. */
export function timeoutOf(step: string, timeoutMs: number): AppError {
  return appError('CHECK_TIMEOUT', { step, seconds: timeoutMs / 1000 });
}

/** Judges a value, and shows it. */
export function compare(value: string | null, expect: string | null): Finding {
  const shown = value === null ? 'NULL' : cut(value, 200);
  const number = value === null || value.trim() === '' ? Number.NaN : Number(value);
  const error =
    expect === null || expect === value
      ? null
      : appError('CHECK_VALUE_OTHER', { found: shown, expected: cut(expect, 200) });
  return {
    error,
    ...(error === null ? { sentence: { zh: shown, en: shown } } : {}),
    measures: Number.isFinite(number) ? { value: number } : {},
    families: [single('hmtt_check_value', 'The value that a query answered.', number)],
    output: value ?? '',
  };
}
