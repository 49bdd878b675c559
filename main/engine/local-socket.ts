import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { Transport } from '#shared/contract/client.ts';
import type { Hub, ServerTransport } from './hub.ts';
import type { Logger } from './platform/logger.ts';

/** Longest JSON line taken from a peer, in characters; beyond it the connection is cut. */
const MAX_LINE = 64 * 1024 * 1024;

/** Splits a socket's bytes into lines and hands each on, parsed. A peer that sends no JSON or an endless line is cut off. */
function readLines(socket: Socket, onValue: (value: unknown) => void): void {
  socket.setEncoding('utf8');
  let pending = '';
  socket.on('data', (chunk: string) => {
    pending += chunk;
    let end = pending.indexOf('\n');
    let start = 0;
    while (end >= 0) {
      try {
        onValue(JSON.parse(pending.slice(start, end)));
      } catch {
        socket.destroy();
        return;
      }
      start = end + 1;
      end = pending.indexOf('\n', start);
    }
    pending = pending.slice(start);
    if (pending.length > MAX_LINE) socket.destroy();
  });
}

/**
 * Serves the hub on the data folder's local socket, one JSON message a line, for the command line of the same user.
 *
 * @returns a function that stops listening and drops its clients
 */
export function serveLocalSocket(address: string, hub: Hub, logger: Logger): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', (error) => logger.log('debug', 'local client broke off', { what: error.message }));
    const client: ServerTransport = {
      send: (message) => {
        if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
      },
      onMessage: (listener) => readLines(socket, listener),
      onClose: (listener) => socket.once('close', listener),
    };
    hub.attach(client, 'command');
  });
  return new Promise((resolve, reject) => {
    // A socket file left by a killed engine is dead: this process holds the folder's lock.
    if (process.platform !== 'win32') rmSync(address, { force: true });
    server.once('error', reject);
    server.listen(address, () => {
      if (process.platform !== 'win32') chmodSync(address, 0o600);
      resolve(async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise<void>((done) => server.close(() => done()));
      });
    });
  });
}

/** A transport over a local socket, and how to end it. */
export type SocketTransport = Transport & { readonly close: () => void };

/**
 * Connects to the engine of a data folder.
 *
 * @returns the transport, or null when nobody listens there
 */
export function connectLocalSocket(address: string, timeoutMs: number): Promise<SocketTransport | null> {
  return new Promise((resolve) => {
    const socket = createConnection(address);
    const timer = setTimeout(() => socket.destroy(new Error('timeout')), timeoutMs);
    socket.once('error', () => {
      clearTimeout(timer);
      resolve(null);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.on('error', () => undefined);
      resolve({
        send: (message) => {
          if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
        },
        onMessage: (listener) => readLines(socket, listener),
        onClose: (listener) => socket.once('close', listener),
        close: () => socket.end(),
      });
    });
  });
}
