import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Something on loopback that hears whatever comes. */
export type Ear = {
  readonly port: number;
  /** First bytes of everything that came, as text. */
  readonly heard: readonly string[];
  readonly close: () => Promise<void>;
};

/** Listens for TCP connections of any protocol; answers HTTP politely, so that a client would come again. */
export async function listenTcp(): Promise<Ear> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    heard.push('(connected)');
    socket.on('data', (data) => {
      heard.push(data.subarray(0, 200).toString('latin1'));
      socket.end(
        'HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi',
      );
    });
    // A client that goes away in the middle is of no interest here.
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return {
    port: address.port,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/** Listens for datagrams. */
export async function listenUdp(): Promise<Ear> {
  const heard: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (data) => heard.push(data.subarray(0, 200).toString('latin1')));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    port: socket.address().port,
    heard,
    close: () =>
      new Promise((resolve) => {
        socket.close(() => resolve());
      }),
  };
}
