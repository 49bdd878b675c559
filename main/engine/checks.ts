import type { CheckRun } from '#shared/contract/checks.ts';
import type { CallContext, Handlers } from '#shared/contract/index.ts';
import { type ChecksArea, type ChecksDeps, createChecksArea } from './collect/checks/area.ts';
import type { CollectArea } from './collect/index.ts';
import { sqliteInThreads } from './collect/tasks.ts';
import type { HostsArea } from './hosts/index.ts';
import { exposition, single } from './http/exposition.ts';
import type { SecretSource } from './platform/secrets.ts';
import type { TaskStarter } from './platform/worker-tasks.ts';

/** What checks are put together from. */
export type SiteChecksDeps = Omit<ChecksDeps, 'hosts' | 'tryTargets' | 'secret' | 'sqlite'> & {
  readonly hosts: HostsArea;
  readonly collect: Pick<CollectArea, 'watch'>;
  readonly secrets: Pick<SecretSource, 'named'>;
  readonly tasks: TaskStarter;
};

const STEP_WORDS = {
  resolve: { zh: '解析名称', en: 'resolve the name' },
  connect: { zh: '连接', en: 'connect' },
  tls: { zh: 'TLS 握手', en: 'TLS handshake' },
  request: { zh: '请求', en: 'request' },
  parse: { zh: '解析样本', en: 'parse the samples' },
} as const;

/** Puts checks together: of the hosts in the inventory, with secrets of the sealed store and clocks that scrapes read as well. */
export function createSiteChecks(deps: SiteChecksDeps): ChecksArea {
  const { hosts, collect, clock } = deps;
  const checks = createChecksArea({
    ...deps,
    hosts: {
      get: (id) => hosts.list().find((host) => host.id === id) ?? null,
      list: hosts.list,
      onMembers: hosts.onMembers,
    },
    secret: async (name) => deps.secrets.named(name),
    sqlite: sqliteInThreads(deps.tasks),
    tryTargets: (hostId, signal) => tryTargets(hosts, hostId, signal, clock.now),
  });
  const hostOfTarget = new Map<string, string>();
  collect.watch(({ targetId, remoteClock }) => {
    if (remoteClock === undefined) return;
    let hostId = hostOfTarget.get(targetId);
    if (hostId === undefined) {
      for (const target of hosts.targets()) hostOfTarget.set(target.id, target.hostId);
      hostId = hostOfTarget.get(targetId);
    }
    if (hostId !== undefined) checks.observeClock(hostId, remoteClock);
  });
  return checks;
}

/** Tries every scraped target of a host, told like a check. */
async function tryTargets(
  hosts: Pick<HostsArea, 'handlers' | 'targets'>,
  hostId: string,
  signal: AbortSignal,
  now: () => number,
): Promise<readonly CheckRun[]> {
  const test: Handlers['hosts.test'] = hosts.handlers['hosts.test'];
  const context: CallContext = { signal, closed: signal, emit: () => undefined };
  const own = hosts.targets().filter((target) => target.hostId === hostId);
  return Promise.all(
    own.map(async ({ config, url }): Promise<CheckRun> => {
      const at = now();
      const answer = await test({ scrape: config }, context);
      const steps = answer.ok ? answer.value.steps : [];
      const error = answer.ok ? (steps.find((step) => !step.ok)?.error ?? null) : answer.error;
      const samples = answer.ok ? answer.value.samples : 0;
      return {
        ...{ checkId: null, name: config.job, kind: 'scrape', at, output: url },
        state: error === null ? 'ok' : 'critical',
        sentence: error?.message ?? { zh: `${samples} 个样本`, en: `${samples} samples` },
        error,
        durationMs: steps.reduce((sum, step) => sum + step.durationMs, 0),
        steps: steps.map(({ step, ok, durationMs, detail }) => ({
          step: STEP_WORDS[step],
          ok,
          durationMs,
          detail,
        })),
        measures: { samples },
      };
    }),
  );
}

/** The console's own series about checks and about the clocks of hosts, in the text format. */
export function checkSeries(
  checks: Pick<ChecksArea, 'list' | 'stats' | 'clocks'>,
  hosts: Pick<HostsArea, 'list'>,
): string {
  const { made, skipped, latestMs } = checks.stats();
  const names = new Map(hosts.list().map(({ id, name }) => [id, name]));
  const clocks = checks
    .clocks()
    .map((clock) => ({ ...clock, host: names.get(clock.hostId) ?? clock.hostId }));
  return exposition([
    single('hmtt_checks_made_total', 'counter', 'Attempts of checks since the console was started.', made),
    single('hmtt_checks_skipped_total', 'counter', 'Slots of checks that were passed over.', skipped),
    single(
      'hmtt_checks_latest_start_seconds',
      'gauge',
      'Longest delay of an attempt behind its slot.',
      latestMs / 1000,
    ),
    single('hmtt_checks', 'gauge', 'Checks that are kept.', checks.list().length),
    {
      name: 'hmtt_host_clock_offset_seconds',
      type: 'gauge',
      help: 'How far the clock of a host is ahead of this workstation.',
      series: clocks.map(({ host, offsetSeconds }) => ({ labels: ['host', host], value: offsetSeconds })),
    },
    {
      name: 'hmtt_host_clock_error_seconds',
      type: 'gauge',
      help: 'The true offset is at most this far from hmtt_host_clock_offset_seconds.',
      series: clocks.map(({ host, errorSeconds }) => ({ labels: ['host', host], value: errorSeconds })),
    },
  ]);
}
