import type { AreaHandlers } from '#shared/contract/index.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { acknowledge, unacknowledge } from './acknowledge.ts';
import type { ConfigStore } from './config-store.ts';
import { checkExpressions, compileMatchers } from './matchers.ts';
import type { Runner } from './runner.ts';
import { type Silences, scheduleRefusal } from './silences.ts';
import { alertViews } from './views.ts';
import { windowsBetween } from './windows.ts';

/** What handlers work with. */
export type HandlerDeps = {
  readonly runner: Runner;
  readonly config: ConfigStore;
  readonly silences: Silences;
  readonly clock: Clock;
  /** Something was changed that decides. */
  readonly changed: () => void;
  /** Does what writes; what the disk refuses becomes an error value. */
  readonly written: <T>(work: () => Result<T>) => Result<T>;
};

type Names =
  | 'notify.alerts'
  | 'notify.acknowledge'
  | 'notify.unacknowledge'
  | `notify.silences.${string}`
  | `notify.maintenance.${string}`;
type Part = Pick<AreaHandlers<'notify'>, Extract<keyof AreaHandlers<'notify'>, Names>>;

const MOST_PREVIEWED = 200;
const DAY_MS = 86_400_000;
const WEEKS_MS = 35 * DAY_MS;
/** Windows that a schedule being written is shown with. */
const NEXT_WINDOWS = 10;

/** Open alerts, acknowledgements, silences and maintenances. */
export function silenceHandlers({ runner, config, silences, clock, changed, written }: HandlerDeps): Part {
  const hides = (kind: 'silence' | 'maintenance', id: string): number =>
    [...runner.state().alerts.values()].filter(({ causes }) =>
      causes.some((cause) => cause.kind === kind && cause.ref === id),
    ).length;
  return {
    'notify.alerts': () => ok({ now: clock.now(), alerts: alertViews(runner.state(), config.routing()) }),
    'notify.acknowledge': ({ ids, by, note, remindAfterMs }) => {
      let acknowledged: readonly string[] = [];
      const kept = runner.change((state) => {
        const done = acknowledge(state, ids, { by, note, remindAfterMs }, clock.now());
        acknowledged = done.ids;
        return done;
      });
      if (!kept.ok) return kept;
      changed();
      return ok({ acknowledged: [...acknowledged] });
    },
    'notify.unacknowledge': ({ ids, by }) => {
      let done: readonly string[] = [];
      const kept = runner.change((state) => {
        const taken = unacknowledge(state, ids, by, clock.now());
        done = taken.ids;
        return taken;
      });
      if (!kept.ok) return kept;
      changed();
      return ok({ unacknowledged: [...done] });
    },
    'notify.silences.list': ({ ended }) =>
      ok({
        silences: silences.list(clock.now(), hides).filter(({ state }) => ended || state !== 'ended'),
      }),
    'notify.silences.create': ({ startsAt, ...input }) => {
      const now = clock.now();
      const created = written(() => silences.create({ ...input, startsAt: startsAt ?? now }, now));
      if (!created.ok) return created;
      changed();
      const silence = { ...created.value, hides: hides('silence', created.value.id) };
      return ok({ silence });
    },
    'notify.silences.expire': ({ id, by }) => {
      const expired = written(() => silences.expire(id, by ?? '', clock.now()));
      if (!expired.ok) return expired;
      changed();
      return ok({ silence: expired.value });
    },
    'notify.silences.preview': ({ matchers }) => {
      const sound = checkExpressions(matchers);
      if (!sound.ok) return sound;
      const test = compileMatchers(matchers);
      const found = alertViews(runner.state(), config.routing()).filter(({ labels }) => test(labels));
      const hosts = new Set(found.flatMap(({ labels }) => labels.host ?? []));
      return ok({
        total: found.length,
        alerts: found.slice(0, MOST_PREVIEWED).map(({ problem }) => problem),
        hosts: [...hosts].toSorted(),
      });
    },
    'notify.maintenance.list': ({ from, to }) => {
      const now = clock.now();
      const start = from ?? now;
      return ok({
        maintenances: [...silences.listMaintenances(now, hides)],
        spans: [...silences.spans(start, Math.min(to ?? start + WEEKS_MS, start + 400 * DAY_MS))],
      });
    },
    'notify.maintenance.put': (input) => {
      const kept = written(() => silences.put(input, clock.now()));
      if (!kept.ok) return kept;
      changed();
      return ok({ maintenance: { ...kept.value, hides: hides('maintenance', kept.value.id) } });
    },
    'notify.maintenance.remove': ({ id }) => {
      const removed = written(() => silences.remove(id));
      if (!removed.ok) return removed;
      changed();
      return ok({});
    },
    'notify.maintenance.preview': ({ schedule }) => {
      const refused = scheduleRefusal(schedule);
      if (refused !== null) return refused;
      const now = clock.now();
      return ok({ spans: [...windowsBetween(schedule, now, now + 5 * 366 * DAY_MS, NEXT_WINDOWS)] });
    },
  };
}
