import type { AreaHandlers } from '#shared/contract/index.ts';
import { appError, err, ok } from '#shared/errors/index.ts';
import { createCauseFinder, type Dependencies } from './causes.ts';
import { checkConfig } from './check-config.ts';
import type { HandlerDeps } from './handlers-silences.ts';
import type { NotifyOutbox } from './ports.ts';
import { compileRouting } from './routing.ts';
import { testRoutes } from './views.ts';

type Names = Extract<keyof AreaHandlers<'notify'>, `notify.config.${string}`>;

/** The configuration: get, set, test, import. */
export function configHandlers({
  runner,
  config,
  silences,
  clock,
  changed,
  written,
  outbox,
  dependencies,
}: HandlerDeps & {
  readonly outbox: NotifyOutbox;
  readonly dependencies: Dependencies;
}): Pick<AreaHandlers<'notify'>, Names> {
  return {
    'notify.config.get': () => {
      const { config: current, revision } = config.routing();
      return ok({ config: current, revision, isDefault: config.isDefault() });
    },
    'notify.config.set': ({ config: wanted, revision, dryRun }) => {
      const problems = checkConfig(wanted, outbox.isKnown);
      if (problems.length > 0) return ok({ revision: null, problems: [...problems] });
      if (dryRun) return ok({ revision: config.routing().revision, problems: [] });
      if (revision !== config.routing().revision) return err(appError('NOTIFY_CONFIG_CHANGED'));
      const taken = written(() => ok(config.set(wanted, clock.now())));
      if (!taken.ok) return taken;
      changed();
      return ok({ revision: taken.value, problems: [] });
    },
    'notify.config.reset': () => {
      const revision = written(() => ok(config.reset(clock.now())));
      if (!revision.ok) return revision;
      changed();
      return ok({ revision: revision.value });
    },
    'notify.config.test': ({ labels, config: wanted }) => {
      const problems = wanted === undefined ? [] : checkConfig(wanted, outbox.isKnown);
      const [first] = problems;
      if (first !== undefined)
        return err(appError('NOTIFY_CONFIG_WRONG', { count: problems.length }, { field: first.path }));
      const routing = wanted === undefined ? config.routing() : compileRouting(wanted, 0);
      const now = clock.now();
      const find = createCauseFinder({
        now,
        silences: silences.compiled(now),
        maintenances: silences.maintenances(),
        routing,
        dependencies,
        open: [...runner.state().alerts.values()].filter(({ until }) => until === null),
      });
      return ok({ routes: testRoutes(routing, labels, now), suppressedBy: [...find('', labels)] });
    },
    'notify.config.import': async ({ text, dryRun }) => {
      // The parser of YAML is loaded with the first file.
      const { importAlertmanager } = await import('../alertmanager-file/import-config.ts');
      const read = importAlertmanager(text, config.routing().config);
      if (!read.ok) return ok({ config: null, problems: [...read.problems], leftOut: [], channels: [] });
      const problems = checkConfig(read.config, outbox.isKnown).map(({ path, text: why }) => ({
        line: 1,
        field: path,
        text: why,
      }));
      if (problems.length > 0) return ok({ config: null, problems, leftOut: [], channels: [] });
      const channels = read.channels.map((channel) => ({ ...channel, channel: null as string | null }));
      const leftOut = [...read.leftOut];
      if (dryRun) return ok({ config: read.config, problems: [], leftOut, channels });
      for (const channel of channels) {
        const made = await outbox.makeChannel(channel);
        if (made.ok) channel.channel = made.value;
        else leftOut.push({ line: channel.line, field: channel.kind, text: made.error.message });
      }
      const wanted = read.withChannels(channels);
      const taken = written(() => ok(config.set(wanted, clock.now())));
      if (!taken.ok) return taken;
      changed();
      return ok({ config: wanted, problems: [], leftOut, channels });
    },
  };
}
