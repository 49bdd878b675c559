import { appendFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TrainingStatus } from '#shared/contract/training.ts';
import { describeThrown } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Timers } from '../platform/timers.ts';
import { type Active, type Counters, exposition, figuresAt, work } from './figures.ts';
import { nodeOf } from './incidents.ts';
import { logLines } from './log-lines.ts';
import { TRAINING_NODES, type TrainingNode } from './nodes.ts';
import { archivedFiles, changeFiles, makeSiteFiles, trainingPaths } from './site-files.ts';

/** The machines of the training site while they run: servers on loopback, logs that are written, files that change. */
export type RunningSite = {
  readonly nodes: () => TrainingStatus['nodes'];
  readonly ports: () => Readonly<Record<string, number>>;
  readonly close: () => Promise<void>;
};

/** What the site runs on. */
export type SiteParts = {
  readonly dir: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Ports of an earlier start; others are taken where they are in use. */
  readonly ports: Readonly<Record<string, number>>;
  readonly active: () => Active;
  readonly failingOrder: string;
};

const TICK_MS = 1_000;
const FILES_EVERY = 5;

type Machine = { readonly node: TrainingNode; readonly counters: Counters; readonly server: Server };

/** Starts the ten machines. */
export async function startSite(parts: SiteParts): Promise<RunningSite> {
  const { dir, clock, timers, logger, active } = parts;
  const paths = trainingPaths(dir);
  makeSiteFiles(dir, TRAINING_NODES);
  const isDown = ({ name }: TrainingNode): boolean =>
    active().has('node_down') && nodeOf('node_down') === name;
  const machines = await Promise.all(
    TRAINING_NODES.map(async (node): Promise<Machine> => {
      const counters: Counters = { requests: 0, errors: 0, busySeconds: 0, cpuSeconds: 1 };
      const server = createServer((request, response) => {
        // A machine that is down takes no connection; one on loopback can only drop it.
        if (isDown(node)) {
          request.socket.destroy();
          return;
        }
        if (request.method !== 'GET' || request.url !== '/metrics') {
          response.writeHead(404).end();
          return;
        }
        const now = clock.now();
        const figures = figuresAt(node, now, active());
        response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
        // Its own clock stands in all that it says, as with a real machine.
        response.setHeader('date', new Date(now + figures.clockAhead * 1000).toUTCString());
        response.end(exposition(node, counters, figures, now, archivedFiles(dir, node)));
      });
      await listen(server, parts.ports[node.name] ?? 0);
      return { node, counters, server };
    }),
  );
  let tick = 0;
  let last = clock.monotonic();
  const stop = timers.every(TICK_MS, () => {
    tick += 1;
    const seconds = (clock.monotonic() - last) / 1000;
    last = clock.monotonic();
    for (const { node, counters } of machines) {
      if (isDown(node)) continue;
      const figures = figuresAt(node, clock.now(), active());
      work(counters, figures, seconds);
      const at = { now: clock.now(), tick, failingOrder: parts.failingOrder };
      try {
        appendFileSync(paths.logOf(node.name), `${logLines(node, figures, at).join('\n')}\n`);
        if (tick % FILES_EVERY === 0) changeFiles(dir, node, tick);
      } catch (thrown) {
        // A full disk, or a folder taken away: the site goes on, like a real one.
        logger.log('warn', 'a training machine cannot write', {
          node: node.name,
          why: describeThrown(thrown),
        });
      }
    }
  });
  const portOf = ({ server }: Machine): number => (server.address() as AddressInfo).port;
  return {
    nodes: () =>
      machines.map((machine) => ({
        name: machine.node.name,
        tier: machine.node.tier,
        url: `http://127.0.0.1:${portOf(machine)}/metrics`,
        log: paths.logOf(machine.node.name),
        up: !isDown(machine.node),
      })),
    ports: () => Object.fromEntries(machines.map((machine) => [machine.node.name, portOf(machine)])),
    close: async () => {
      stop();
      await Promise.all(
        machines.map(
          ({ server }) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
}

/** Listens on loopback on a port, or on any when that one is taken. */
function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== 'EADDRINUSE' || port === 0) reject(thrown);
      else listen(server, 0).then(resolve, reject);
    });
    server.listen(port, '127.0.0.1', () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
