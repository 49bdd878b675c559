import { createServer as createHttp } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { startExporterFarm } from '../../helpers/exporter-farm.ts';

/** Hosts of a benchmark: exporters, pages and banners on loopback; the first of them may hang. */
export type BenchSite = {
  readonly farmPort: number;
  readonly pagePort: number;
  readonly bannerPort: number;
  readonly hangingPort: number;
  /** When each check asked, by its name; milliseconds of the monotonic clock. */
  readonly asked: Map<string, number[]>;
  readonly scrapesAnswered: () => number;
  readonly close: () => Promise<void>;
};

const portOf = (server: Server): number => {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
};

/** Starts the servers, in this process. */
export async function startBenchSite(hosts: number, series: number): Promise<BenchSite> {
  const farm = await startExporterFarm(hosts, series);
  const asked = new Map<string, number[]>();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const page = createHttp((request, response) => {
    const name = request.url ?? '';
    const times = asked.get(name) ?? [];
    times.push(performance.now());
    asked.set(name, times);
    if (name.endsWith('/status'))
      response.end(
        'Active connections: 3 \nserver accepts handled requests\n 7 7 21 \nReading: 0 Writing: 1 Waiting: 2 \n',
      );
    else response.setHeader('content-type', 'application/json').end('{"status":"UP","queue":[1,2,3]}');
  });
  page.on('connection', keep);
  const banner = createServer((socket) => {
    keep(socket);
    socket.end('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n');
  });
  const hanging = createServer((socket) => {
    keep(socket);
    socket.resume();
  });
  for (const server of [page, banner, hanging])
    await new Promise<void>((resolve) =>
      server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve),
    );
  return {
    farmPort: farm.port,
    pagePort: portOf(page),
    bannerPort: portOf(banner),
    hangingPort: portOf(hanging),
    asked,
    scrapesAnswered: farm.answered,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      for (const server of [page, banner, hanging]) server.close();
      await farm.close();
    },
  };
}
