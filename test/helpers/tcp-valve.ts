import { createServer, connect as dial, type Socket } from 'node:net';
import { freePort } from './ports.ts';

/** A way to a server on loopback that is as slow as one far away, and that can be shut at a chosen byte. */
export type TcpValve = {
  readonly port: number;
  /** Lets so many bytes more through to the server, then none; resolves when they are used up. */
  readonly shutAfter: (bytes: number) => Promise<void>;
  /** Lets everything through that is sent from now on. */
  readonly open: () => void;
  readonly stop: () => Promise<void>;
};

/** Starts one. @param delayMs how much later everything arrives, in each direction */
export async function startTcpValve(serverPort: number, delayMs = 0): Promise<TcpValve> {
  const sockets = new Set<Socket>();
  let left = Number.POSITIVE_INFINITY;
  let onShut: () => void = () => undefined;
  const later = (act: () => void): void => {
    if (delayMs === 0) act();
    else setTimeout(act, delayMs);
  };
  const through = (bytes: Buffer): Buffer => {
    const passed = bytes.subarray(0, Math.min(bytes.length, left));
    left -= passed.length;
    if (left === 0) onShut();
    return passed;
  };
  const carry = (from: Socket, to: Socket, part: (bytes: Buffer) => Buffer): void => {
    from.on('data', (bytes) => {
      const passed = part(bytes);
      if (passed.length > 0) later(() => to.writable && to.write(passed));
    });
    from.on('error', () => undefined);
    from.on('close', () => later(() => to.destroy()));
  };
  const server = createServer({ noDelay: true }, (client) => {
    const host = dial({ port: serverPort, host: '127.0.0.1', noDelay: true });
    for (const socket of [client, host]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    carry(client, host, through);
    carry(host, client, (bytes) => bytes);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port,
    shutAfter: (bytes) =>
      new Promise((resolve) => {
        left = bytes;
        onShut = resolve;
      }),
    open: () => {
      left = Number.POSITIVE_INFINITY;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
