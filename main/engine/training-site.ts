import { sep } from 'node:path';
import {
  type Broadcast,
  type Handler,
  type Handlers,
  type RequestInput,
  type RequestName,
  type RequestOutput,
  requests,
} from '#shared/contract/index.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { Timers } from './platform/timers.ts';
import { createTrainingArea, type TrainingArea, type TrainingConsole } from './training/area.ts';
import { TRAINING_RULES } from './training/rules.ts';
import { trainingPaths } from './training/site-files.ts';

export { beginAnewIfAsked, prepareTrainingFolder } from './training/state-file.ts';

/** Name of the backup plan that the training site comes with. */
const TRAINING_PLAN = 'training';
const JOB = 'training';
const RULE_FILE = 'training.yml';
const MOST = 5_000;

/** Builds the training site over the console's own requests: what it adds and asks is what an operator could. */
export function createTrainingSite(deps: {
  readonly dir: string;
  readonly handlers: () => Handlers;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
}): TrainingArea {
  const never = new AbortController().signal;
  const ask = async <N extends RequestName>(
    name: N,
    input: RequestInput<N>,
  ): Promise<Result<RequestOutput<N>>> => {
    // The map types each handler by its own method; here both come from the same name.
    const handler = deps.handlers()[name] as Handler<N>;
    const params = requests[name].input.parse(input) as Parameters<Handler<N>>[0];
    return handler(params, { signal: never, closed: never, emit: () => undefined });
  };
  return createTrainingArea({ ...deps, console: consoleOver(ask, deps.dir) });
}

function consoleOver(
  ask: <N extends RequestName>(name: N, input: RequestInput<N>) => Promise<Result<RequestOutput<N>>>,
  dir: string,
): TrainingConsole {
  const paths = trainingPaths(dir);
  return {
    setUp: async (nodes) => {
      const [hosts, sources, plans, rules] = await Promise.all([
        ask('hosts.list', {}),
        ask('logs.sources.list', {}),
        ask('backup.plans.list', {}),
        ask('rules.files.list', {}),
      ]);
      if (!hosts.ok) return hosts;
      if (!sources.ok) return sources;
      if (!plans.ok) return plans;
      if (!rules.ok) return rules;
      if (hosts.value.hosts.every(({ thisWorkstation }) => thisWorkstation)) {
        // Nobody must take it for the real site, not even on a printed page.
        const named = await ask('site.settings.set', {
          siteName: '演练站点 Training',
          classification: '演练',
        });
        if (!named.ok) return named;
      }
      for (const { name, tier, url, log } of nodes) {
        const address = new URL(url).host;
        const scrape = { job: JOB, address, intervalMs: 5_000, timeoutMs: 4_000, labels: { instance: name } };
        const known = hosts.value.hosts.find((host) => host.name === name);
        if (known === undefined) {
          const input = { name, address: '127.0.0.1', tier: tier as 'business', scrapes: [scrape] };
          const added = await ask('hosts.add', input);
          if (!added.ok) return added;
        }
        if (!sources.value.sources.some((source) => source.path === log)) {
          const added = await ask('logs.sources.add', { name, path: log, host: name });
          if (!added.ok) return added;
        }
      }
      if (!plans.value.plans.some(({ name }) => name === TRAINING_PLAN)) {
        const plan = { name: TRAINING_PLAN, sources: [paths.files], targetDir: paths.backups };
        const added = await ask('backup.plans.add', plan);
        if (!added.ok) return added;
      }
      if (!rules.value.files.some(({ name }) => name === RULE_FILE)) {
        const added = await ask('rules.files.put', { name: RULE_FILE, text: TRAINING_RULES });
        if (!added.ok) return added;
      }
      return ok(undefined);
    },
    isKept: async (path) => {
      const text = path.split(sep).join('/');
      const found = await ask('backup.find', { text, limit: 1 });
      return found.ok && found.value.total > 0;
    },
    facts: async () => {
      const [alerts, hosts, points, drills, rotations] = await Promise.all([
        ask('alerts.list', { state: 'all', limit: MOST }),
        ask('hosts.list', {}),
        ask('backup.points.list', { plan: TRAINING_PLAN }),
        ask('recovery.drills.list', { plan: TRAINING_PLAN }),
        ask('rotation.history', { limit: 1_000 }),
      ]);
      const raised = alerts.ok ? alerts.value.alerts : [];
      const known = hosts.ok ? hosts.value.hosts : [];
      const made = points.ok ? points.value.points : [];
      const rotated = rotations.ok ? rotations.value.rotations : [];
      // A run reads back what it has just written; only a verification on its own leaves a report.
      const reports = await Promise.all(
        made.map(({ id, verifiedAt }) =>
          verifiedAt === null ? null : ask('backup.verifyReport', { pointId: id }),
        ),
      );
      return {
        alerted: new Set(raised.flatMap(({ labels }) => [labels.host ?? '', labels.instance ?? ''])),
        up: new Set(known.filter(({ state }) => state === 'up').map(({ name }) => name)),
        points: made.length,
        verifiedPoints: reports.filter((answer) => answer?.ok === true && answer.value.report?.ok === true)
          .length,
        rotated: rotated.some(({ path, state }) => state === 'done' && path.startsWith(paths.logs)),
        drillsPassed: drills.ok ? drills.value.drills.filter(({ state }) => state === 'passed').length : 0,
      };
    },
  };
}
