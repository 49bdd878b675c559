import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';

/**
 * A site in one process: as many exporters as the first argument says, each on a port of its own, and a switch that takes TCP
 * connections. It says where they are in one line of JSON, and dies all at once when it is killed.
 */
const portOf = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no TCP port');
      resolve(address.port);
    });
  });

const exporters = await Promise.all(
  Array.from({ length: Number(process.argv[2]) }, (_, n) =>
    portOf(
      createHttpServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
        response.end(`# TYPE hmtt_storm_host gauge\nhmtt_storm_host ${n}\n`);
      }),
    ),
  ),
);
const uplink = await portOf(createServer((socket) => socket.on('error', () => undefined).resume()));
process.stdout.write(`${JSON.stringify({ exporters, uplink })}\n`);
