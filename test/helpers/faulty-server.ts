import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

/** How a request is answered. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on loopback whose answer can be changed while it runs. */
export type FaultyServer = {
  readonly port: number;
  readonly address: string;
  /** What it answers from now on. */
  answer: Answer;
  readonly requests: IncomingMessage[];
  /** How many connections were made to it. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

/** A small correct exposition. */
export const GOOD_BODY = '# TYPE good gauge\ngood{n="1"} 1\ngood{n="2"} 2\n';

/** Answers the good exposition. */
export const good: Answer = (_request, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4');
  response.end(GOOD_BODY);
};

/** Answers a status with a short text. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_request, response) => {
    response.writeHead(code, headers);
    response.end('no\n');
  };
}

/** Answers a text with a content type. */
export function text(content: string, contentType?: string): Answer {
  return (_request, response) => {
    if (contentType !== undefined) response.setHeader('content-type', contentType);
    response.end(content);
  };
}

const LINES = Buffer.from('filler_metric{n="0123456789"} 1\n'.repeat(2048));

function lines(bytes: number): Readable {
  let left = bytes;
  return new Readable({
    read() {
      left -= LINES.length;
      this.push(left > -LINES.length ? LINES : null);
    },
  });
}

/** Answers about that many bytes of exposition, streamed; Infinity never ends, gzip makes a bomb of it. */
export function stream(
  bytes: number,
  options: { readonly gzip?: boolean; readonly length?: number } = {},
): Answer {
  return (_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    if (options.length !== undefined) response.setHeader('content-length', String(options.length));
    // The client goes away in the middle; that is the point of these answers.
    const ended = (): void => undefined;
    if (options.gzip === true) {
      response.setHeader('content-encoding', 'gzip');
      pipeline(lines(bytes), createGzip({ level: 1 }), response, ended);
    } else pipeline(lines(bytes), response, ended);
  };
}

/** Answers one byte at a time, slowly, for ever. */
export const drip: Answer = (_request, response) => {
  response.setHeader('content-type', 'text/plain');
  const timer = setInterval(() => response.write('#'), 50);
  response.on('close', () => clearInterval(timer));
};

/** Takes the request and says nothing. */
export const silence: Answer = () => undefined;

/** Breaks the connection before a word. */
export const reset: Answer = (request) => {
  request.socket.resetAndDestroy();
};

/** Announces more than it sends, then breaks the connection. */
export const cutShort: Answer = (request, response) => {
  response.setHeader('content-length', '100000');
  response.write(GOOD_BODY, () => request.socket.destroy());
};

/** Sends the same path again and again. */
export const redirectLoop: Answer = (_request, response) => {
  response.writeHead(302, { location: '/metrics' });
  response.end();
};

async function listen(server: TcpServer | Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Starts a server; with `tls` it speaks HTTPS. */
export async function startFaultyServer(answer: Answer, tls?: ServerOptions): Promise<FaultyServer> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(request);
    faulty.answer(request, response);
  };
  const server = tls ? createTlsServer(tls, handle) : createServer(handle);
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  // A client that refuses the certificate ends the handshake; the server needs no opinion about it.
  server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  const faulty: FaultyServer = {
    port,
    address: `127.0.0.1:${port}`,
    answer,
    requests,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return faulty;
}

/** Starts a server that speaks no HTTP: it says `greeting` to whoever connects. */
export async function startTalker(
  greeting: string,
): Promise<{ address: string; close: () => Promise<void> }> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    // What the client sends must be read, or its end is never noticed.
    socket.resume();
    socket.end(greeting);
  });
  const port = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A port whose kernel drops connections: the program behind it accepts none, and its queue is full. */
export async function startFullBacklog(): Promise<{ address: string; close: () => Promise<void> }> {
  // The child blocks its own event loop, and ends by itself should the test be killed.
  const code = `const s = require('node:net').createServer(() => {});
    s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:fs').writeSync(1, String(s.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30000);
      process.exit();
    });`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) => {
    child.stdout.once('data', (data) => resolve(Number(data)));
  });
  const fillers = Array.from({ length: 8 }, () => {
    const socket = connectTcp({ host: '127.0.0.1', port });
    socket.on('error', () => undefined);
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    address: `127.0.0.1:${port}`,
    close: async () => {
      for (const socket of fillers) socket.destroy();
      const gone = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}
