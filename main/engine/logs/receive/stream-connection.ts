import type { Socket } from 'node:net';
import { type Framed, SyslogFramer } from './framing.ts';

/** What a connection needs of its receiver. */
export type StreamParts = {
  readonly maxMessageBytes: number;
  /** Writes messages; answers how many, from the first on. */
  readonly take: (messages: readonly Framed[]) => number;
  /** How many messages may be taken now. */
  readonly room: () => number;
  /** The connection is over. `isBroken`: what came was no syslog, or a message stopped in its middle. */
  readonly ended: (isBroken: boolean) => void;
};

/** A message that has begun must go on within so long. */
const STALL_MS = 60_000;
/** When the receiver stops, what is under way has so long to arrive. */
const FINISH_MS = 500;
const RETRY_MS = 50;

/**
 * A sender over TCP or TLS. What cannot be written yet, or comes faster than allowed, stays here and makes the sender
 * wait: nothing more is read from it meanwhile, so that TCP itself holds it back.
 */
export class StreamConnection {
  readonly #socket: Socket;
  readonly #parts: StreamParts;
  readonly #framer: SyslogFramer;
  #waiting: readonly Framed[] = [];
  #isBroken = false;
  #isOver = false;
  #insideSince: number | null = null;
  #retry: NodeJS.Timeout | null = null;
  #onOver: () => void = () => undefined;
  readonly over: Promise<void>;

  constructor(socket: Socket, parts: StreamParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#framer = new SyslogFramer(parts.maxMessageBytes);
    this.over = new Promise((resolve) => {
      this.#onOver = resolve;
    });
    socket.setKeepAlive(true, 30_000);
    socket.on('data', (chunk: Buffer) => this.#data(chunk));
    socket.on('end', () => this.#end());
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed());
  }

  #data(chunk: Buffer): void {
    const messages = this.#framer.push(chunk);
    this.#insideSince = null;
    if (messages === null) {
      this.#break();
      return;
    }
    // A chunk may still come after reading was stopped; it is behind what waits.
    this.#take(this.#waiting.length === 0 ? messages : [...this.#waiting, ...messages]);
  }

  #take(messages: readonly Framed[]): void {
    const room = Math.floor(this.#parts.room());
    const now = room >= messages.length ? messages : messages.slice(0, Math.max(0, room));
    const taken = now.length === 0 ? 0 : this.#parts.take(now);
    this.#waiting = taken === messages.length ? [] : messages.slice(taken);
    if (this.#waiting.length === 0) {
      if (this.#socket.isPaused()) this.#socket.resume();
      return;
    }
    this.#socket.pause();
    this.#retry ??= setTimeout(() => {
      this.#retry = null;
      this.#take(this.#waiting);
    }, RETRY_MS);
  }

  #end(): void {
    const last = this.#framer.end();
    if (last !== null) this.#take([...this.#waiting, last]);
    else if (this.#framer.isInside) this.#isBroken = true;
    this.#socket.end();
  }

  #break(): void {
    this.#isBroken = true;
    this.#socket.destroy();
  }

  #closed(): void {
    if (this.#isOver) return;
    // What was read before the sender left has arrived; it goes on waiting for its turn.
    if (this.#waiting.length > 0) {
      setTimeout(() => this.#closed(), RETRY_MS);
      return;
    }
    this.#isOver = true;
    this.#parts.ended(this.#isBroken);
    this.#onOver();
  }

  /** Ends a connection on which a message has begun and does not go on. */
  resume(monotonic: number): void {
    if (!this.#framer.isInside || this.#socket.isPaused()) {
      this.#insideSince = null;
      return;
    }
    this.#insideSince ??= monotonic;
    if (monotonic - this.#insideSince > STALL_MS) this.#break();
  }

  /** Says goodbye to the sender and takes what is still under way, for a short while. */
  async finish(): Promise<void> {
    this.#socket.end();
    const late = setTimeout(() => {
      this.#waiting = [];
      this.#socket.destroy();
      this.#closed();
    }, FINISH_MS);
    await this.over;
    clearTimeout(late);
    if (this.#retry !== null) clearTimeout(this.#retry);
  }
}
