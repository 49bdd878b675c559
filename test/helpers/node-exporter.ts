import { freePort, type Peer, startPeer, untilAnswers } from './peer-process.ts';

/** A running node_exporter of Debian. */
export type NodeExporter = Peer & { readonly port: number; readonly address: string };

/** Starts Debian's node_exporter on a free port of loopback. */
export async function startNodeExporter(args: readonly string[] = []): Promise<NodeExporter> {
  const port = await freePort();
  const peer = await startPeer(
    'prometheus-node-exporter',
    [`--web.listen-address=127.0.0.1:${port}`, ...args],
    'prometheus-node-exporter',
  );
  await untilAnswers(`http://127.0.0.1:${port}/metrics`, peer);
  return { ...peer, port, address: `127.0.0.1:${port}` };
}
