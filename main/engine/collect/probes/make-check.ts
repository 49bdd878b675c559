import type { Check, CheckKind, CheckResult, CheckWhat } from '#shared/contract/checks.ts';
import { type AppError, appError, assertNever, describeThrown } from '#shared/errors/index.ts';
import { renderFamilies, single } from '../workstation/families.ts';
import type { CheckProbe, Finding, ProbeDeps, RemoteClock } from './check-probe.ts';
import { timeoutOf } from './database.ts';
import { createDnsProbe } from './dns.ts';
import { createHttpProbe } from './http.ts';
import { createIcmpProbe } from './icmp.ts';
import { createHaproxyProbe, createNginxProbe } from './load-balancer.ts';
import { createMysqlProbe } from './mysql.ts';
import { createNagiosProbe } from './nagios.ts';
import { createPostgresqlProbe } from './postgresql.ts';
import { createRedisProbe } from './redis.ts';
import { createSqliteProbe } from './sqlite.ts';
import { createStepLog, cut } from './steps.ts';
import { createTcpCheck } from './tcp-check.ts';
import { judgeThresholds } from './thresholds.ts';
import { createZabbixProbe } from './zabbix.ts';

/** What one attempt of a check brought. */
export type CheckMade = {
  readonly result: CheckResult;
  /** Its series, in the text format. */
  readonly body: Uint8Array;
  readonly remoteClock: RemoteClock | null;
};

/** Makes checks of every kind. */
export type MakeCheck = (
  check: Pick<Check, 'what' | 'timeoutMs' | 'thresholds'>,
  signal: AbortSignal,
) => {
  /** Never rejects, and is there within the check's time. */
  readonly made: Promise<CheckMade>;
  /** When nothing of the attempt is left: sockets, processes, threads. */
  readonly gone: Promise<unknown>;
};

/** What a probe that heard of its end may take to say so, before it is given up. */
const GRACE_MS = 500;
const SHOWN_OUTPUT = 8 * 1024;
const STATE_NUMBER = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
const RANK = { ok: 0, unknown: 1, warning: 2, critical: 3 } as const;

/** Makes the maker of checks: one probe for each kind of the contract. */
export function createMakeCheck(deps: ProbeDeps): MakeCheck {
  const { clock, timers } = deps;
  const probes: { readonly [K in CheckKind]: CheckProbe<K> } = {
    http: createHttpProbe(deps),
    tcp: createTcpCheck(deps),
    dns: createDnsProbe(deps),
    icmp: createIcmpProbe(deps),
    postgresql: createPostgresqlProbe(deps),
    mysql: createMysqlProbe(deps),
    redis: createRedisProbe(deps),
    sqlite: createSqliteProbe(deps),
    haproxy: createHaproxyProbe(deps),
    nginx: createNginxProbe(deps),
    nagios: createNagiosProbe(deps),
    zabbix: createZabbixProbe(deps),
  };

  return (check, outer) => {
    const { timeoutMs } = check;
    const steps = createStepLog(clock);
    const at = clock.now();
    const start = clock.monotonic();
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    if (outer.aborted) stop();
    outer.addEventListener('abort', stop, { once: true });
    const timeout = (): AppError =>
      outer.aborted
        ? appError('CANCELLED')
        : timeoutOf((steps.underway() ?? { en: 'connect' }).en, timeoutMs);
    let cancelGrace: (() => void) | null = null;
    const givenUp = new Promise<Finding>((resolve) => {
      abort.signal.addEventListener('abort', () => {
        // Said now: which step it was that did not end is not known any more when it has been torn down.
        const error = timeout();
        cancelGrace = timers.after(outer.aborted ? 0 : GRACE_MS, () => resolve({ error }));
      });
    });
    const cancelTimer = timers.after(timeoutMs, stop);
    const asking = { timeoutMs, signal: abort.signal, steps };
    const probing = dispatch(probes, check.what, asking).catch(
      (thrown: unknown): Finding => ({ error: appError('INTERNAL', { what: describeThrown(thrown) }) }),
    );
    const made = Promise.race([probing, givenUp]).then((finding): CheckMade => {
      cancelTimer();
      cancelGrace?.();
      outer.removeEventListener('abort', stop);
      const durationMs = clock.monotonic() - start;
      const said = outer.aborted ? { ...finding, error: appError('CANCELLED') } : finding;
      const result = judge(said, check.thresholds, { at, durationMs, steps: [...steps.read()] });
      return { result, body: seriesOf(said, result), remoteClock: said.remoteClock ?? null };
    });
    return { made, gone: probing };
  };
}

/** TypeScript does not see that the probe of a kind takes what is asked of that kind. */
function dispatch(
  probes: { readonly [K in CheckKind]: CheckProbe<K> },
  what: CheckWhat,
  asking: Omit<Parameters<CheckProbe<CheckKind>>[0], 'what'>,
): Promise<Finding> {
  switch (what.kind) {
    case 'http':
      return probes.http({ what, ...asking });
    case 'tcp':
      return probes.tcp({ what, ...asking });
    case 'dns':
      return probes.dns({ what, ...asking });
    case 'icmp':
      return probes.icmp({ what, ...asking });
    case 'postgresql':
      return probes.postgresql({ what, ...asking });
    case 'mysql':
      return probes.mysql({ what, ...asking });
    case 'redis':
      return probes.redis({ what, ...asking });
    case 'sqlite':
      return probes.sqlite({ what, ...asking });
    case 'haproxy':
      return probes.haproxy({ what, ...asking });
    case 'nginx':
      return probes.nginx({ what, ...asking });
    case 'nagios':
      return probes.nagios({ what, ...asking });
    case 'zabbix':
      return probes.zabbix({ what, ...asking });
    default:
      return assertNever(what);
  }
}

function judge(
  finding: Finding,
  thresholds: Check['thresholds'],
  taken: Pick<CheckResult, 'at' | 'durationMs' | 'steps'>,
): CheckResult {
  const measures = { ...finding.measures, seconds: taken.durationMs / 1000 };
  const own = finding.state ?? (finding.error === null ? 'ok' : 'critical');
  // Of something that failed only its own reason is told; how long that took says nothing.
  const limits =
    finding.error === null || finding.state !== undefined ? judgeThresholds(measures, thresholds) : null;
  const isWorse = limits !== null && RANK[limits.state] > RANK[own];
  const error = isWorse ? limits.error : finding.error;
  return {
    state: isWorse ? limits.state : own,
    sentence: isWorse
      ? limits.error.message
      : (finding.sentence ?? finding.error?.message ?? { zh: '正常', en: 'ok' }),
    error,
    ...taken,
    measures,
    output: cut(finding.output ?? '', SHOWN_OUTPUT),
  };
}

/** The series of an attempt: those of the blackbox exporter, the state, and the kind's own. */
function seriesOf(finding: Finding, { state, durationMs }: CheckResult): Uint8Array {
  const text = renderFamilies([
    single('probe_success', 'Displays whether or not the probe was a success.', state === 'ok' ? 1 : 0),
    single(
      'probe_duration_seconds',
      'Returns how long the probe took to complete in seconds.',
      durationMs / 1000,
    ),
    single(
      'hmtt_check_state',
      'State of the check: 0 ok, 1 warning, 2 critical, 3 unknown.',
      STATE_NUMBER[state],
    ),
    ...(finding.families ?? []),
  ]);
  return Buffer.from(finding.exposition === undefined ? text : `${text}${finding.exposition}`, 'utf8');
}
