import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/**
 * A process of its own, so that what it spends is not the engine's: servers of no protocol at all, each with one bad habit.
 * Arguments: a certificate and its key.
 */

/** What the servers tell of themselves when they are asked. */
export type FaultsSeen = {
  /** Connections that are open. */
  readonly open: number;
  /** The most bytes that one connection to a server has taken, by the server's name. */
  readonly most: Readonly<Record<string, number>>;
  /** Bytes that all connections together have taken. */
  readonly poured: number;
};

type Act = (socket: Socket) => void;

/** Writes as fast as the other side takes it, for ever. */
function pour(socket: Socket, chunk: Buffer): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', write);
  write();
}

const letters = Buffer.alloc(64 << 10, 'A');
/** Says `answers` one by one, as the other side asks, and pours after the last. */
const flood =
  (answers: readonly (Buffer | string)[], chunk = letters): Act =>
  (socket) => {
    let asked = 0;
    socket.on('data', () => {
      const answer = answers[asked++];
      if (answer !== undefined) socket.write(answer);
      if (asked === answers.length) pour(socket, chunk);
    });
  };

/** A MySQL server's first packet: protocol 10, a version, a scramble, and the old way to log in. */
const mysqlHello = ((): Buffer => {
  const body = Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.0\0', 'latin1'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('abcdefgh\0', 'latin1'),
    Buffer.from([0xff, 0xf7, 33, 2, 0, 0xff, 0x81, 21]),
    Buffer.alloc(10),
    Buffer.from('ijklmnopqrst\0mysql_native_password\0', 'latin1'),
  ]);
  return Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]);
})();

const FAULTS: Readonly<Record<string, Act>> = {
  hanging: () => undefined,
  closing: (socket) => socket.end(),
  resetting: (socket) => socket.resetAndDestroy(),
  dripping: (socket) => {
    const timer = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(timer));
  },
  flooding: (socket) => pour(socket, letters),
  zeros: (socket) => pour(socket, Buffer.alloc(64 << 10)),
  'talking HTTP': (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  'talking SSH': (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
  'talking TLS': (socket) => socket.write(Buffer.from('150301000202', 'hex')),
  'random bytes': (socket) => {
    let state = 12_345;
    const bytes = Buffer.alloc(4_096);
    for (let i = 0; i < bytes.length; i += 1) {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      bytes[i] = state >> 16;
    }
    socket.end(bytes);
  },
  'a huge length': (socket) => {
    socket.write(Buffer.from('5a425844017fffffff00000000', 'hex'));
    socket.write('R\x7f\xff\xff\xff');
    socket.write('$2147483647\r\n');
  },
  // These speak their protocol well until they begin to pour.
  'http body': flood(['HTTP/1.1 200 OK\r\n\r\n']),
  'http headers': flood(['HTTP/1.1 200 OK\r\n'], Buffer.from('X-Header: and so on\r\n'.repeat(3_000))),
  'http answers before the last': flood(
    ['HTTP/1.1 103 Early Hints\r\n\r\n'],
    Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(2_000)),
  ),
  'postgresql row': flood([
    Buffer.from('520000000800000000' + '5a0000000549', 'hex'),
    Buffer.from('447fffffff', 'hex'),
  ]),
  'postgresql notices': flood(
    [Buffer.from('520000000800000000' + '5a0000000549', 'hex')],
    // An empty notice.
    Buffer.from('4e0000000500'.repeat(8_000), 'hex'),
  ),
  'mysql packet': (socket) => {
    socket.write(mysqlHello);
    flood([Buffer.from('ffffff02', 'hex')])(socket);
  },
  'redis text': flood(['+OK\r\n$2147483647\r\n']),
  'redis answers': flood(['+OK\r\n'], Buffer.from('+OK\r\n'.repeat(10_000))),
  // A compressed text of nearly the longest length.
  'zabbix text': flood([Buffer.from('5a42584403' + 'ffff0f00' + 'ffff0f00', 'hex')]),
};

/** The same behind a handshake that is in order. */
const ENCRYPTED: Readonly<Record<string, Act>> = {
  'encrypted flood': (socket) => pour(socket, letters),
  'encrypted http body': flood(['HTTP/1.1 200 OK\r\n\r\n']),
  'encrypted redis text': flood(['+OK\r\n$2147483647\r\n']),
};

const sockets = new Set<Socket>();
const most: Record<string, number> = {};
let poured = 0;

function serve(name: string, act: Act): (socket: Socket) => void {
  return (socket) => {
    sockets.add(socket);
    const taken = (): number => socket.bytesWritten - socket.writableLength;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      most[name] = Math.max(most[name] ?? 0, taken());
      poured += taken();
    });
    // Otherwise it would not hear that the other side has gone.
    socket.resume();
    act(socket);
  };
}

const [certFile = '', keyFile = ''] = process.argv.slice(2);
const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
const servers: readonly (readonly [string, Server])[] = [
  ...Object.entries(FAULTS).map(([name, act]) => [name, createServer(serve(name, act))] as const),
  ...Object.entries(ENCRYPTED).map(
    ([name, act]) =>
      [name, createTlsServer(pair, serve(name, act)).on('tlsClientError', () => undefined)] as const,
  ),
];
const ports: Record<string, number> = {};
for (const [name, server] of servers) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  ports[name] = address !== null && typeof address === 'object' ? address.port : 0;
}
process.on('message', () => process.send?.({ open: sockets.size, most, poured } satisfies FaultsSeen));
// The test may be killed; then nobody is there to end this process.
process.on('disconnect', () => process.exit());
process.send?.(ports);
