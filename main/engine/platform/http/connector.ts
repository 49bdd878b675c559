import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Clock } from '../clock.ts';
import type { Timers } from '../timers.ts';
import { type ConnectStep, ConnectTimeout, TlsFailure } from './connect-failures.ts';

/** Told when a part of making a connection ended. */
export type ConnectObserver = (
  step: ConnectStep,
  ended: { durationMs: number; detail: string; error: Error | null },
) => void;

/** What connections are made with. */
export type ConnectorOptions = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly lookup: LookupFunction;
  readonly timeoutMs: number;
  /** Certificates and verification; used for https only. */
  readonly tls: ConnectionOptions;
  /** Where each origin's attempt stands now, so that a timeout can say what it was waiting for. */
  readonly underway: Map<string, ConnectStep>;
  /**
   * What TLS said on an established connection of an origin last. A TLS 1.3 server judges the client's certificate after
   * the handshake, and undici then reports only that the other side closed.
   */
  readonly lateFailures: Map<string, TlsFailure>;
  readonly observe?: ConnectObserver;
};

/** The key of an attempt in `underway`. */
export function originKey(protocol: string, hostname: string, port: string): string {
  return `${protocol}//${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/**
 * Makes undici's way to a socket: resolve, TCP, TLS, each timed and none of them through a proxy.
 *
 * HTTP/1.1 only. A failed handshake arrives as `TlsFailure`, a slow attempt as `ConnectTimeout`.
 */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const { clock, timers, underway, lateFailures } = options;
  return (target, callback) => {
    const hostname = target.hostname.replace(/^\[(.*)\]$/, '$1');
    const secure = target.protocol === 'https:';
    const port = Number(target.port || (secure ? 443 : 80));
    const key = originKey(target.protocol, target.hostname, String(port));
    const named = isIP(hostname) === 0;
    let step: ConnectStep = named ? 'resolve' : 'connect';
    let stepStart = clock.monotonic();
    let settled = false;
    let socket: Socket;
    let secured: TLSSocket | undefined;
    underway.set(key, step);
    lateFailures.delete(key);

    const ended = (detail: string, error: Error | null): void => {
      const now = clock.monotonic();
      options.observe?.(step, { durationMs: now - stepStart, detail, error });
      stepStart = now;
    };
    const enter = (next: ConnectStep): void => {
      step = next;
      underway.set(key, next);
    };
    const settle = (error: Error | null): void => {
      if (settled) return;
      settled = true;
      cancelTimer();
      underway.delete(key);
      if (error) {
        ended('', error);
        secured?.destroy();
        socket.destroy();
        callback(error, null);
      } else callback(null, secured ?? socket);
    };
    const cancelTimer = timers.after(options.timeoutMs, () => {
      settle(new ConnectTimeout(`${step} timed out`));
    });

    socket = connectTcp({
      host: hostname,
      port,
      lookup: options.lookup,
      noDelay: true,
      keepAlive: true,
      // Node's 250 ms give up on the right address of a host with two when the link is slow.
      autoSelectFamilyAttemptTimeout: 1_000,
    });
    socket.once('lookup', (error: Error | null, address: unknown) => {
      if (settled || error) return;
      ended(String(address), null);
      enter('connect');
    });
    socket.on('error', (error) => settle(secure && step === 'tls' ? new TlsFailure(error) : error));
    socket.once('connect', () => {
      if (settled) return;
      ended(`${socket.remoteAddress ?? hostname}:${port}`, null);
      if (!secure) {
        settle(null);
        return;
      }
      enter('tls');
      const servername = options.tls.servername ?? (named ? hostname : undefined);
      try {
        secured = connectTls({
          ...options.tls,
          socket,
          host: hostname,
          ALPNProtocols: ['http/1.1'],
          ...(servername === undefined ? {} : { servername }),
        });
      } catch (thrown) {
        settle(new TlsFailure(thrown instanceof Error ? thrown : new Error(String(thrown))));
        return;
      }
      secured.once('error', (error) => {
        if (settled) lateFailures.set(key, new TlsFailure(error));
        else settle(new TlsFailure(error));
      });
      // Errors after the first one are of no interest, but without a listener they would end the engine.
      secured.on('error', () => undefined);
      secured.once('secureConnect', () => {
        ended(`${secured?.getProtocol() ?? 'TLS'} ${secured?.getCipher().name ?? ''}`.trim(), null);
        settle(null);
      });
      secured.once('close', () => settle(new TlsFailure(new Error('the other side closed the connection'))));
    });
    socket.once('close', () => {
      settle(Object.assign(new Error('the other side closed the connection'), { code: 'ECONNRESET' }));
    });
  };
}
