import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { freePort } from './ports.ts';

/**
 * A site in one process: as many exporters as the first argument says, each on a port of its own, and a switch that takes TCP
 * connections. It says where they are in one line of JSON, and dies all at once when it is killed.
 */
async function serve(server: Server): Promise<number> {
  // Nobody else may answer there once all of it is dead.
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return port;
}

const exporters: number[] = [];
for (let n = 0; n < Number(process.argv[2]); n += 1) {
  const exporter = createHttpServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(`# TYPE hmtt_storm_host gauge\nhmtt_storm_host ${n}\n`);
  });
  exporters.push(await serve(exporter));
}
const uplink = await serve(createServer((socket) => socket.on('error', () => undefined).resume()));
process.stdout.write(`${JSON.stringify({ exporters, uplink })}\n`);
