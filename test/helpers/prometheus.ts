import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Peer, startPeer, untilAnswers } from './peer-process.ts';
import { freePort } from './ports.ts';
import { encodeWriteRequest, type RemoteSeries } from './remote-write.ts';

/** What Prometheus's HTTP API answers. */
export type ApiAnswer<D> =
  | { readonly status: 'success'; readonly data: D }
  | { readonly status: 'error'; readonly errorType: string; readonly error: string };

/** A running Prometheus of Debian with its data in a temporary folder. */
export type Prometheus = {
  readonly port: number;
  readonly api: <D>(path: string, params?: Readonly<Record<string, string>>) => Promise<ApiAnswer<D>>;
  /** Writes samples through the remote write receiver, staleness markers too. */
  readonly write: (series: readonly RemoteSeries[]) => Promise<void>;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
};

const SCRAPES_NOTHING = 'global: {evaluation_interval: 1m}\n';

/** Old times survive, and the head takes a wide span of them at once. */
const WIDE_HEAD = [
  '--storage.tsdb.retention.time=100y',
  '--storage.tsdb.min-block-duration=200d',
  '--storage.tsdb.max-block-duration=200d',
];

/** Samples a request may span: the head refuses what is much older than the newest sample it has. */
const REQUEST_SPAN_MS = 600_000;

/**
 * Starts Debian's Prometheus on a free port of loopback.
 *
 * @param config prometheus.yml; the default scrapes nothing
 * @param options `earlier` is written to it before it reads `config`: the first sample that an empty one takes decides how old
 *   others may be, and which scrape brings that would be chance
 */
export async function startPrometheus(
  config = SCRAPES_NOTHING,
  {
    flags = WIDE_HEAD,
    moreFlags = [],
    earlier = [],
  }: {
    readonly flags?: readonly string[];
    readonly moreFlags?: readonly string[];
    readonly earlier?: readonly RemoteSeries[];
  } = {},
): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-prometheus-'));
  mkdirSync(join(folder, 'data'));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const start = async (text: string): Promise<Peer> => {
    writeFileSync(join(folder, 'prometheus.yml'), text);
    const started = await startPeer(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-remote-write-receiver',
        '--log.level=warn',
        ...flags,
        ...moreFlags,
      ],
      'prometheus',
    );
    try {
      await untilAnswers(`${base}/-/ready`, started, 60_000);
    } catch (thrown) {
      await started.stop();
      remove();
      throw thrown;
    }
    return started;
  };
  if (earlier.length > 0) {
    const first = await start(SCRAPES_NOTHING);
    await writeTo(base, earlier);
    await first.stop();
  }
  const peer = await start(config);
  const stop = async (): Promise<void> => {
    await peer.stop();
    remove();
  };
  return {
    port,
    output: peer.output,
    stop,
    api: async (path, params) => {
      const post = params === undefined ? {} : { method: 'POST', body: new URLSearchParams(params) };
      const response = await fetch(base + path, post);
      return JSON.parse(await response.text());
    },
    write: (series) => writeTo(base, series),
  };
}

async function writeTo(base: string, series: readonly RemoteSeries[]): Promise<void> {
  for (const part of inSpans(series)) {
    const response = await fetch(`${base}/api/v1/write`, {
      method: 'POST',
      headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' },
      body: encodeWriteRequest(part),
    });
    if (!response.ok) throw new Error(`remote write: ${response.status} ${await response.text()}`);
  }
}

/** Cuts series into parts of few minutes each, oldest first. */
function* inSpans(series: readonly RemoteSeries[]): Iterable<readonly RemoteSeries[]> {
  const times = series.flatMap(({ samples }) => samples.map(({ time }) => time));
  const last = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  for (let from = first; from <= last; from += REQUEST_SPAN_MS) {
    const part = series
      .map(({ labels, samples }) => ({
        labels,
        samples: samples.filter(({ time }) => time >= from && time < from + REQUEST_SPAN_MS),
      }))
      .filter(({ samples }) => samples.length > 0);
    if (part.length > 0) yield part;
  }
}
