import { type Peer, startPeer, untilAnswers } from './peer-process.ts';
import { freePort } from './ports.ts';

/** A running node_exporter of Debian. */
export type NodeExporter = Peer & { readonly port: number; readonly address: string };

/** Starts Debian's node_exporter on a port of loopback, a free one unless told otherwise. */
export async function startNodeExporter(wanted?: number): Promise<NodeExporter> {
  const port = wanted ?? (await freePort());
  const address = `127.0.0.1:${port}`;
  const peer = await startPeer(
    'prometheus-node-exporter',
    [`--web.listen-address=${address}`],
    'prometheus-node-exporter',
  );
  await untilAnswers(`http://${address}/metrics`, peer);
  return { ...peer, port, address };
}
