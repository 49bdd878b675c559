import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { type BlockList, createServer, isIP, isIPv6, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { LogReceiver, LogReceiverCounters } from '#shared/contract/logs-sources.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { blockListOf } from './allowed.ts';
import { NOTHING_COUNTED } from './counters.ts';
import { udpDrops } from './kernel-drops.ts';
import { asLine, hasPriority, hostOf, plainAddress } from './message.ts';
import { Senders } from './senders.ts';
import { StreamConnection } from './stream-connection.ts';

/** What the log area knows of a receiver while it runs. */
export type ReceiverStatus = {
  readonly id: string;
  readonly state: 'listening' | 'error';
  readonly error: AppError | null;
  readonly boundPort: number | null;
  readonly since: number | null;
  readonly connections: number;
  readonly counters: LogReceiverCounters;
  readonly senders: readonly { host: string; address: string; messages: number; lastAt: number | null }[];
  readonly senderCount: number;
};

/** Bytes that the kernel keeps of UDP messages while the thread is busy. */
const UDP_BUFFER = 4 * 1024 * 1024;
const HANDSHAKE_MS = 10_000;
const SHOWN_SENDERS = 100;
/** A failure to write is said for so long after it last happened. */
const TROUBLE_MS = 60_000;

type Counters = { -readonly [K in keyof LogReceiverCounters]: LogReceiverCounters[K] };

/** One receiver: listens, frames, and writes each message into the spool of its sender. */
export class SyslogReceiver {
  readonly id: string;
  readonly settings: LogReceiver;
  readonly #clock: Clock;
  readonly #senders: Senders;
  readonly #allowed: BlockList | null;
  readonly #connections = new Set<StreamConnection>();
  readonly #sockets = new Set<Socket>();
  readonly counters: Counters = { ...NOTHING_COUNTED };
  #udp: UdpSocket | null = null;
  #server: Server | null = null;
  #error: AppError | null = null;
  #troubleAt = Number.NEGATIVE_INFINITY;
  #port: number | null = null;
  #since: number | null = null;
  /** Messages that may still be taken in this second, refilled as time goes by. */
  #tokens: number;
  #tokensAt: number;

  constructor(
    id: string,
    settings: LogReceiver,
    deps: { readonly folder: string; readonly known: readonly string[]; readonly clock: Clock },
    onSender: (host: string) => void,
  ) {
    this.id = id;
    this.settings = settings;
    this.#clock = deps.clock;
    this.#senders = new Senders(deps.folder, deps.known, onSender);
    this.#allowed = settings.allow.length === 0 ? null : blockListOf(settings.allow);
    this.#tokens = settings.maxMessagesPerSecond;
    this.#tokensAt = deps.clock.monotonic();
  }

  /** Starts to listen; answers LOG_RECEIVER_LISTEN or LOG_RECEIVER_TLS when it cannot. */
  async start(): Promise<Result<object>> {
    const started = this.settings.protocol === 'udp' ? await this.#startUdp() : await this.#startStream();
    if (started.ok) {
      this.#since = this.#clock.now();
      this.#error = null;
    } else this.#error = started.error;
    return started;
  }

  #cannotListen(thrown: unknown): Result<never> {
    const { address, port } = this.settings;
    return err(
      appError('LOG_RECEIVER_LISTEN', { address, port, why: describeThrown(thrown) }, { field: 'port' }),
    );
  }

  #startUdp(): Promise<Result<object>> {
    const { address, port } = this.settings;
    return new Promise((resolve) => {
      const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', recvBufferSize: UDP_BUFFER });
      socket.once('error', (thrown) => {
        socket.close();
        resolve(this.#cannotListen(thrown));
      });
      socket.bind(port, address, () => {
        socket.removeAllListeners('error');
        socket.on('error', (thrown) => {
          this.#error = appError('LOG_RECEIVER_LISTEN', { address, port, why: describeThrown(thrown) });
        });
        socket.on('message', (bytes, from) => this.#datagram(bytes, plainAddress(from.address)));
        this.#udp = socket;
        this.#port = socket.address().port;
        resolve(ok({}));
      });
    });
  }

  async #startStream(): Promise<Result<object>> {
    const { address, port, protocol, tls } = this.settings;
    let server: Server;
    if (protocol === 'tls') {
      try {
        if (tls === null) throw new Error('no certificate is given');
        server = createTlsServer({
          cert: readFileSync(tls.certFile),
          key: readFileSync(tls.keyFile),
          ...(tls.clientCaFile === null
            ? {}
            : { ca: readFileSync(tls.clientCaFile), requestCert: true, rejectUnauthorized: true }),
          minVersion: 'TLSv1.2',
          handshakeTimeout: HANDSHAKE_MS,
        });
      } catch (thrown) {
        return err(appError('LOG_RECEIVER_TLS', { why: describeThrown(thrown) }, { field: 'tls' }));
      }
      // A sender that speaks no TLS, or shows no certificate that counts, must not end the receiver.
      server.on('tlsClientError', () => {
        this.counters.brokenConnections += 1;
      });
      server.on('secureConnection', (socket: Socket) => this.#connected(socket));
    } else server = createServer((socket) => this.#connected(socket));
    // A little more than counts, so that who comes too many is turned away by us and counted.
    server.maxConnections = this.settings.maxConnections + 16;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('drop', () => {
      this.counters.refusedConnections += 1;
    });
    return new Promise((resolve) => {
      server.once('error', (thrown) => resolve(this.#cannotListen(thrown)));
      server.listen(port, address, () => {
        server.removeAllListeners('error');
        server.on('error', (thrown) => {
          this.#error = appError('LOG_RECEIVER_LISTEN', { address, port, why: describeThrown(thrown) });
        });
        this.#server = server;
        const bound = server.address();
        this.#port = typeof bound === 'object' && bound !== null ? bound.port : port;
        resolve(ok({}));
      });
    });
  }

  #connected(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    const mayNot = !this.#mayConnect(address);
    if (mayNot) this.counters.droppedSender += 1;
    if (mayNot || this.#connections.size >= this.settings.maxConnections) {
      this.counters.refusedConnections += 1;
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    const connection: StreamConnection = new StreamConnection(socket, {
      maxMessageBytes: this.settings.maxMessageBytes,
      take: (messages) => this.#take(messages, address, false),
      room: () => this.#room(),
      ended: (isBroken) => {
        this.#connections.delete(connection);
        if (isBroken) this.counters.brokenConnections += 1;
      },
    });
    this.#connections.add(connection);
  }

  #mayConnect(address: string): boolean {
    if (this.#allowed === null) return true;
    return isIP(address) !== 0 && this.#allowed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }

  #datagram(bytes: Buffer, address: string): void {
    if (!this.#mayConnect(address)) {
      this.counters.droppedSender += 1;
      return;
    }
    if (bytes.length === 0) return;
    if (this.#room() < 1) {
      this.counters.droppedRate += 1;
      return;
    }
    const { maxMessageBytes } = this.settings;
    const cut = bytes.length > maxMessageBytes;
    let end = Math.min(bytes.length, maxMessageBytes);
    while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 13 || bytes[end - 1] === 0)) end -= 1;
    if (end > 0) this.#take([{ bytes: bytes.subarray(0, end), cut }], address, true);
  }

  /** How many messages may be taken now. */
  #room(): number {
    const now = this.#clock.monotonic();
    const { maxMessagesPerSecond } = this.settings;
    const refilled = this.#tokens + ((now - this.#tokensAt) / 1000) * maxMessagesPerSecond;
    this.#tokens = Math.min(maxMessagesPerSecond, refilled);
    this.#tokensAt = now;
    return this.#tokens;
  }

  /**
   * Writes messages, those of one sender at once.
   *
   * @param isLossy true: what cannot be written is counted and left out; false: it is kept by the caller
   * @returns how many of them, from the first on, are written
   */
  #take(
    messages: readonly { readonly bytes: Buffer; readonly cut: boolean }[],
    address: string,
    isLossy: boolean,
  ): number {
    const nowMs = this.#clock.now();
    for (let at = 0; at < messages.length; ) {
      const host = this.#hostOf(messages[at]?.bytes ?? Buffer.alloc(0), address);
      let end = at + 1;
      for (let next = messages[end]; next !== undefined && this.#hostOf(next.bytes, address) === host; ) {
        end += 1;
        next = messages[end];
      }
      const run = messages.slice(at, end);
      try {
        this.#senders.write(
          this.#senders.of(host, address),
          address,
          run.map(({ bytes }) => asLine(bytes)),
          nowMs,
        );
      } catch (thrown) {
        this.#troubleAt = this.#clock.monotonic();
        this.#error = appError('LOG_RECEIVER_WRITE', { why: describeThrown(thrown) });
        if (!isLossy) return at;
        this.counters.droppedDisk += run.length;
        return messages.length;
      }
      this.#tokens -= run.length;
      this.counters.messages += run.length;
      for (const { bytes, cut } of run) {
        this.counters.bytes += bytes.length;
        if (cut) this.counters.cut += 1;
        if (!hasPriority(bytes)) this.counters.malformed += 1;
      }
      at = end;
    }
    return messages.length;
  }

  #hostOf(bytes: Buffer, address: string): string {
    return (this.settings.hostFrom === 'message' ? hostOf(bytes) : null) ?? (address || 'unknown');
  }

  /** Once a second: what was written is brought to the disk, connections that wait go on. */
  tick(): void {
    try {
      this.#senders.keep(this.#clock.now());
    } catch (thrown) {
      this.#troubleAt = this.#clock.monotonic();
      this.#error = appError('LOG_RECEIVER_WRITE', { why: describeThrown(thrown) });
    }
    for (const connection of this.#connections) connection.resume(this.#clock.monotonic());
    if (this.#udp !== null && this.#port !== null) this.counters.droppedKernel = udpDrops(this.#port);
    const isOver = this.#clock.monotonic() - this.#troubleAt > TROUBLE_MS;
    if (this.#error?.code === 'LOG_RECEIVER_WRITE' && isOver) this.#error = null;
  }

  status(): ReceiverStatus {
    const isListening = this.#udp !== null || this.#server !== null;
    return {
      id: this.id,
      state: isListening && this.#error === null ? 'listening' : 'error',
      error: this.#error,
      boundPort: isListening ? this.#port : null,
      since: this.#since,
      connections: this.#connections.size,
      counters: { ...this.counters },
      senders: this.#senders.top(SHOWN_SENDERS),
      senderCount: this.#senders.count,
    };
  }

  /** Stops listening; what has arrived by then is still taken and brought to the disk. */
  async close(): Promise<void> {
    const server = this.#server;
    const closed = server === null ? null : new Promise<void>((resolve) => server.close(() => resolve()));
    await Promise.all([...this.#connections].map((connection) => connection.finish()));
    // Those that are still shaking hands.
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    const udp = this.#udp;
    if (udp !== null) await new Promise<void>((done) => udp.close(() => done()));
    this.#udp = null;
    this.#server = null;
    try {
      this.#senders.close();
    } catch (thrown) {
      this.#error = appError('LOG_RECEIVER_WRITE', { why: describeThrown(thrown) });
    }
  }
}
