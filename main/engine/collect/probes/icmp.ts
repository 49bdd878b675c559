import { appError } from '#shared/errors/index.ts';
import { type Family, gauge, single } from '../workstation/families.ts';
import { type CheckProbe, failed, type ProbeDeps } from './check-probe.ts';
import { runProgram } from './run-program.ts';

/** What the system's ping counted and measured. */
export type PingCount = {
  readonly sent: number;
  readonly received: number;
  /** Mean round trip, milliseconds; null when nothing came back. */
  readonly meanMs: number | null;
  readonly ttl: number | null;
};

/** Reads the summary of ping (iputils, BusyBox, BSD), or null when there is none. */
export function readPing(output: string): PingCount | null {
  const counts = /(\d+) packets transmitted, (\d+)(?: packets)? received/.exec(output);
  if (counts === null) return null;
  const mean = /(?:rtt|round-trip) min\/avg\/max\S* = [\d.]+\/([\d.]+)\//.exec(output)?.[1];
  const ttl = /ttl=(\d+)/.exec(output)?.[1];
  return {
    sent: Number(counts[1]),
    received: Number(counts[2]),
    meanMs: mean === undefined ? null : Number(mean),
    ttl: ttl === undefined ? null : Number(ttl),
  };
}

/** Sends ICMP echo requests with the system's `ping`, which may open the raw socket that the console may not. */
export function createIcmpProbe({ timers }: ProbeDeps): CheckProbe<'icmp'> {
  return async ({ what, timeoutMs, signal, steps }) => {
    // A name that begins with a dash would be an option.
    if (what.host.startsWith('-')) return failed(appError('SCRAPE_NAME_UNKNOWN', { name: what.host }));
    const end = steps.begin({ zh: `ping ${what.packets} 次`, en: `ping ${what.packets} times` });
    const seconds = String(Math.max(1, Math.floor(timeoutMs / 1000)));
    const args = ['-n', '-c', String(what.packets), '-i', '0.2', '-w', seconds, what.host];
    const run = await runProgram({ file: 'ping', args }, signal, timers);
    const output = `${run.stdout}${run.stderr}`;
    const count = readPing(output);
    end(count !== null && count.received > 0, count === null ? run.why || run.stderr.trim() : summary(count));
    if (count === null) {
      if (run.reason === 'not-started') return failed(appError('CHECK_PING_MISSING', { why: run.why }));
      if (run.reason === 'stopped')
        return failed(appError('CHECK_PING_LOST', { host: what.host, sent: what.packets }));
      const why = run.stderr.trim().replace(/^ping: /, '');
      const isName = /not known|Temporary failure|No address/.test(why);
      return failed(
        isName
          ? appError('SCRAPE_NAME_UNKNOWN', { name: what.host }, { detail: why })
          : appError('CHECK_PING_FAILED', { host: what.host, why }),
      );
    }
    const loss = count.sent === 0 ? 100 : (100 * (count.sent - count.received)) / count.sent;
    const lost = count.received === 0;
    const said = summary(count);
    return {
      error: lost ? appError('CHECK_PING_LOST', { host: what.host, sent: count.sent }) : null,
      ...(lost ? {} : { sentence: { zh: said, en: said } }),
      measures: {
        loss_percent: loss,
        ...(count.meanMs === null ? {} : { rtt_seconds: count.meanMs / 1000 }),
      },
      families: pingFamilies(count, loss),
      output,
    };
  };
}

const summary = ({ sent, received, meanMs }: PingCount): string =>
  `${received}/${sent}${meanMs === null ? '' : `, ${meanMs} ms`}`;

function pingFamilies({ meanMs, ttl }: PingCount, loss: number): readonly Family[] {
  return [
    ...(meanMs === null
      ? []
      : [
          gauge('probe_icmp_duration_seconds', 'Duration of icmp request by phase.', [
            { labels: { phase: 'rtt' }, value: meanMs / 1000 },
          ]),
        ]),
    ...(ttl === null ? [] : [single('probe_icmp_reply_hop_limit', 'Replied packet hop limit (TTL).', ttl)]),
    single('hmtt_check_packet_loss_ratio', 'Share of the echo requests that nobody answered.', loss / 100),
  ];
}
