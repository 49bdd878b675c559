import { createServer } from 'node:http';

/** Many synthetic exporters on one port, told apart by path. */
export type ExporterFarm = {
  readonly port: number;
  /** Address of one target's metrics. */
  readonly path: (target: number) => string;
  /** Scrapes that were answered wholly, over all targets. */
  readonly answered: () => number;
  readonly close: () => Promise<void>;
};

/**
 * Starts a farm of `targets` exporters with `series` series each, in node_exporter's habits: nine counters, nine gauges and
 * two constants in twenty. `hmtt_farm_scrape` counts a target's scrapes from 1, so that a test can tell a lost or doubled one.
 */
export async function startExporterFarm(targets: number, series: number): Promise<ExporterFarm> {
  const scrapes = new Array<number>(targets).fill(0);
  let answered = 0;
  const body = (target: number): string => {
    const n = (scrapes[target] ?? 0) + 1;
    scrapes[target] = n;
    let text = `# TYPE hmtt_farm_scrape counter\nhmtt_farm_scrape ${n}\n`;
    for (let s = 1; s < series; s++) {
      const kind = s % 20;
      const family = Math.floor(s / 20);
      if (kind < 9) text += `hmtt_ops_${family}_total{device="d${kind}"} ${n * ((s % 7) + 1) * 15}\n`;
      else if (kind < 18)
        text += `hmtt_load_${family}{device="d${kind}"} ${(50 + 40 * Math.sin(n / 20 + s)).toFixed(3)}\n`;
      else text += `hmtt_info_${family}{device="d${kind}"} 1\n`;
    }
    return text;
  };
  const server = createServer((request, response) => {
    const target = Number(/^\/t\/(\d+)\/metrics$/.exec(request.url ?? '')?.[1] ?? -1);
    if (target < 0 || target >= targets) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(body(target), () => {
      answered += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return {
    port: address.port,
    path: (target) => `/t/${target}/metrics`,
    answered: () => answered,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
