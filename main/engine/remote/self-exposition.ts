import type { RemoteStatus } from '#shared/contract/remote.ts';

type Row = readonly [
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  value: (state: RemoteStatus['endpoints'][number], now: number) => number,
];

const ROWS: readonly Row[] = [
  ['samples_total', 'counter', 'Samples that the server took.', (state) => state.samplesSent],
  [
    'bytes_total',
    'counter',
    'Bytes of requests that the server took, compressed.',
    (state) => state.bytesSent,
  ],
  [
    'requests_failed_total',
    'counter',
    'Attempts that failed and were repeated.',
    (state) => state.requestsFailed,
  ],
  [
    'samples_refused_total',
    'counter',
    'Samples that the server refused for good.',
    (state) => state.samplesRefused,
  ],
  [
    'samples_given_up_total',
    'counter',
    'Samples given up at the bound of the queue.',
    (state) => state.samplesGivenUp,
  ],
  ['samples_pending', 'gauge', 'Samples that wait to be sent.', (state) => state.backlogSamples],
  [
    'pending_seconds',
    'gauge',
    'Age of the oldest sample that waits.',
    (state, now) => (state.backlogSince === null ? 0 : Math.max(0, now - state.backlogSince) / 1000),
  ],
  ['up', 'gauge', '1 when the last attempt succeeded.', (state) => (state.state === 'retrying' ? 0 : 1)],
];

/** Series about the sending in Prometheus's text format, one of each name for each endpoint; '' without any. */
export function selfExposition(status: RemoteStatus, now: number): string {
  if (status.endpoints.length === 0) return '';
  const lines: string[] = [];
  const describe = (name: string, type: string, help: string): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
  };
  for (const [suffix, type, help, value] of ROWS) {
    const name = `hmtt_remote_write_${suffix}`;
    describe(name, type, help);
    for (const state of status.endpoints)
      lines.push(`${name}{endpoint="${escaped(state.endpoint.name)}"} ${value(state, now)}`);
  }
  describe('hmtt_remote_write_queue_bytes', 'gauge', 'Bytes on the disk of samples that wait.');
  lines.push(`hmtt_remote_write_queue_bytes ${status.queueBytes}`);
  return `${lines.join('\n')}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
