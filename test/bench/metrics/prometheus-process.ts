import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPeer, untilAnswers } from '../../helpers/peer-process.ts';
import { freePort } from '../../helpers/ports.ts';

/** A Prometheus with its usual settings, whose folder the caller owns. */
export type PrometheusProcess = {
  readonly pid: number;
  readonly url: string;
  readonly dataDir: string;
  /** Orderly end. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts Debian's Prometheus on a folder, with the block times and the retention that it has by itself.
 *
 * @param folder holds prometheus.yml and data; what is there already is used
 */
export async function startPrometheusProcess(
  folder: string,
  config = 'global: {scrape_interval: 1m}\n',
  flags: readonly string[] = [],
): Promise<PrometheusProcess> {
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(folder, 'prometheus.yml'), config);
  const port = await freePort();
  const peer = await startPeer(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${dataDir}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--web.enable-admin-api',
      '--log.level=warn',
      ...flags,
    ],
    'prometheus',
  );
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/-/ready`, peer, 120_000);
  return { pid: peer.pid, url, dataDir, stop: peer.stop };
}
