import type { Socket } from 'node:net';
import { type ConnectionOptions, TLSSocket } from 'node:tls';
import type { CheckTls } from '#shared/contract/checks.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { type ConnectStep, ConnectTimeout } from '../../platform/http/connect-failures.ts';
import { type ConnectObserver, createConnector } from '../../platform/http/connector.ts';
import { type RequestPlace, requestError, timeoutError } from '../../platform/http/request-errors.ts';
import { loadTls } from '../../platform/http/tls-options.ts';
import { type Family, gauge, single } from '../workstation/families.ts';
import type { ProbeDeps } from './check-probe.ts';
import type { StepLog } from './steps.ts';

/** A connection that was made, and how long each part of making it took. */
export type Opened = {
  readonly socket: Socket;
  readonly ms: Readonly<Record<ConnectStep, number>>;
  /** Of a TLS connection. */
  readonly tls: TlsFacts | null;
};

/** What a TLS connection says of itself. */
export type TlsFacts = {
  /** `TLSv1.3` */
  readonly version: string;
  readonly cipher: string;
  /** When the first certificate of the chain expires, UTC milliseconds; null without certificates. */
  readonly expiresAt: number | null;
  readonly subject: string;
};

/** Where a connection leads. */
export type ConnectTo = {
  readonly host: string;
  readonly port: number;
  /** Null: no TLS. */
  readonly tls: CheckTls | ConnectionOptions | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly steps: StepLog;
  /** Hears of the parts of the connection as they end. */
  readonly observe?: ConnectObserver;
};

const WORDS: Readonly<Record<ConnectStep, { zh: string; en: string }>> = {
  resolve: { zh: '解析名称', en: 'resolve the name' },
  connect: { zh: '连接', en: 'connect' },
  tls: { zh: 'TLS 握手', en: 'TLS handshake' },
};

/** What error sentences call the other side. */
export function placeOf(to: Pick<ConnectTo, 'host' | 'port' | 'timeoutMs'>, url?: string): RequestPlace {
  const address = `${to.host.includes(':') ? `[${to.host}]` : to.host}:${to.port}`;
  return { url: url ?? address, address, name: to.host, timeoutMs: to.timeoutMs };
}

const isFiles = (tls: CheckTls | ConnectionOptions): tls is CheckTls => 'insecureSkipVerify' in tls;

/** Makes a connection step by step. The caller destroys the socket. Errors are those of a scrape. */
export async function openConnection(
  to: ConnectTo,
  deps: Pick<ProbeDeps, 'clock' | 'timers' | 'lookup'>,
): Promise<Result<Opened>> {
  const { tls, steps, signal } = to;
  const loaded = tls === null ? ok({}) : isFiles(tls) ? await loadTls(filesOf(tls)) : ok(tls);
  if (!loaded.ok) return loaded;
  if (signal.aborted) return err(appError('CANCELLED'));
  return new Promise((resolve) => {
    const ms: Record<ConnectStep, number> = { resolve: 0, connect: 0, tls: 0 };
    let last: ConnectStep = 'connect';
    let isOver = false;
    const finish = (result: Result<Opened>): void => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const place = placeOf(to);
    // The attempt left behind ends by its own timeout, and its socket is destroyed below.
    const onAbort = (): void => finish(err(timeoutError(underway.values().next().value ?? last, place)));
    const underway = new Map<string, ConnectStep>();
    signal.addEventListener('abort', onAbort, { once: true });
    const connect = createConnector({
      ...deps,
      timeoutMs: to.timeoutMs,
      tls: loaded.value,
      underway,
      lateFailures: new Map(),
      observe: (step, ended) => {
        const { durationMs, detail, error } = ended;
        last = step;
        ms[step] = durationMs;
        to.observe?.(step, ended);
        if (!isOver)
          steps.add({
            step: WORDS[step],
            ok: error === null,
            durationMs,
            detail: detail || (error?.message ?? ''),
          });
      },
    });
    const target = { protocol: tls === null ? 'http:' : 'https:', hostname: to.host, port: String(to.port) };
    connect({ ...target, host: place.address }, (error, socket) => {
      if (isOver) {
        socket?.destroy();
        return;
      }
      if (error !== null || socket === null) {
        const why: AppError =
          error instanceof ConnectTimeout ? timeoutError(last, place) : requestError(error, false, place);
        finish(err(why));
        return;
      }
      // Without a listener an error after the connection was made would end the engine.
      socket.on('error', () => undefined);
      finish(ok({ socket, ms, tls: socket instanceof TLSSocket ? factsOf(socket) : null }));
    });
  });
}

function filesOf(tls: CheckTls) {
  const given = Object.entries(tls).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(given) as CheckTls & {
    caFile: string;
    certFile: string;
    keyFile: string;
    serverName: string;
  };
}

/** The longest chain that is walked; a server decides how long it is. */
const LONGEST_CHAIN = 20;

function factsOf(socket: TLSSocket): TlsFacts {
  const leaf = socket.getPeerCertificate(true);
  const expiries: number[] = [];
  let next: typeof leaf | undefined = leaf;
  for (let depth = 0; depth < LONGEST_CHAIN && next?.valid_to !== undefined; depth += 1) {
    const isRoot = next.issuerCertificate === next;
    // Node puts the authority of this machine's own trust behind what the server sent; only that is the server's.
    if (isRoot && depth > 0) break;
    expiries.push(Date.parse(next.valid_to));
    if (isRoot) break;
    next = next.issuerCertificate;
  }
  const subject = leaf.subject === undefined ? '' : [leaf.subject.CN ?? ''].flat().join(', ');
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher()?.name ?? '',
    expiresAt: expiries.length === 0 ? null : Math.min(...expiries.filter(Number.isFinite)),
    subject,
  };
}

const DAY_MS = 86_400_000;

/** Days until the first certificate of a connection expires, as a measure; nothing without certificates. */
export function tlsMeasures(tls: TlsFacts | null, now: number): Readonly<Record<string, number>> {
  return tls?.expiresAt == null ? {} : { certificate_days: (tls.expiresAt - now) / DAY_MS };
}

/** The series of the blackbox exporter about a TLS connection. */
export function tlsFamilies(tls: TlsFacts | null): readonly Family[] {
  if (tls === null) return [];
  const version = tls.version.replace(/^TLSv/, 'TLS ').replace(/^TLS 1$/, 'TLS 1.0');
  return [
    ...(tls.expiresAt === null
      ? []
      : [
          single(
            'probe_ssl_earliest_cert_expiry',
            'Returns earliest SSL cert expiry in unixtime.',
            Math.floor(tls.expiresAt / 1000),
          ),
        ]),
    gauge('probe_tls_version_info', 'Returns the TLS version used, or NaN when unknown.', [
      { labels: { version }, value: 1 },
    ]),
  ];
}
