/** The parts of making a connection, in their order. */
export type ConnectStep = 'resolve' | 'connect' | 'tls';

/** Thrown by a connection attempt that took too long; it says in which part it was. */
export class ConnectTimeout extends Error {
  override readonly name = 'ConnectTimeout';
  readonly code = 'CONNECT_TIMEOUT';
}

/** A failure during the TLS handshake, told apart from one of the TCP connection beneath it. */
export class TlsFailure extends Error {
  override readonly name = 'TlsFailure';
  readonly code: string;
  constructor(cause: Error) {
    super(cause.message, { cause });
    const code = (cause as { readonly code?: unknown }).code;
    this.code = typeof code === 'string' ? code : 'UNKNOWN';
  }
}
