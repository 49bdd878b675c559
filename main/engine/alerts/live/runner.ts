import type { RulePolicy } from '#shared/contract/rules-authoring.ts';
import type { Labels } from '#shared/domain/labels.ts';
import { describeThrown } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import { RuleFault, type RuleQueries, type VectorElement } from '../rules/evaluate.ts';
import { advanceRule, FRESH_RULE, type RuleState, type WriteSeries } from '../rules/group.ts';
import type { Rule, RuleGroup } from '../rules/model.ts';
import { gatherWrites } from './gathered-writes.ts';
import { afterGap, type FindLast, restoreAlerts } from './restore.ts';
import { DEFAULT_POLICY, type LookForInputs, recordingSight, type Sight, watchSight } from './sight.ts';
import { groupSlots } from './slot.ts';

/** What running rules needs from its surroundings. */
export type RunnerDeps = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** An instant query. Rejects with {@link RuleFault}; gives up when the signal is aborted. */
  readonly query: (expr: string, at: number, signal: AbortSignal) => Promise<readonly VectorElement[]>;
  readonly write: WriteSeries;
  readonly findLast: FindLast;
  readonly lookForInputs: LookForInputs;
  readonly externalUrl: () => string;
  /** A rule that takes longer has failed. */
  readonly ruleTimeoutMs: number;
};

/** A group with the file that it stands in, and its interval. */
export type PlacedGroup = {
  readonly file: string;
  readonly group: RuleGroup;
  readonly intervalMs: number;
  readonly externalLabels: Readonly<Record<string, string>>;
  /** By name of the rule, where it is not the default. */
  readonly policies: Readonly<Record<string, RulePolicy>>;
};

/** A rule and how its last evaluation went. */
export type RunningRule = {
  readonly rule: Rule;
  readonly state: RuleState;
  /** When its last evaluation began; null before the first. */
  readonly evaluatedAt: number | null;
  readonly evaluationMs: number;
  /** How far it saw then. */
  readonly sight?: Sight;
};

/** What a group did since it began to run. */
export type RunTotals = {
  /** Times that the whole group was evaluated. */
  readonly rounds: number;
  /** Rules that were evaluated, and how many of them failed. */
  readonly evaluations: number;
  readonly failures: number;
};

/** A group as it is now. */
export type RunningGroup = PlacedGroup & {
  readonly rules: readonly RunningRule[];
  readonly evaluatedAt: number | null;
  readonly evaluationMs: number;
  /** Evaluations that were skipped. */
  readonly missed: number;
  readonly totals: RunTotals;
  /** Whether the states of its alerts can be relied on: it had the evaluations that a restart needs. */
  readonly isSettled: boolean;
};

/** Evaluates one group at its slots. */
export type GroupRunner = {
  readonly view: () => RunningGroup;
  readonly start: () => void;
  /** Resolves when nothing of it runs any more. Its series stay as they are. */
  readonly stop: () => Promise<void>;
};

/** What a group goes on from when its file was changed. */
export type Beginning = {
  readonly rules: readonly RunningRule[];
  /** True at the start of the console: since when alerts are active is then asked of the store. */
  readonly mustRestore: boolean;
};

/** Evaluations before `for` is restored: the first may be too early for what it asks for. */
const BEFORE_RESTORE = 2;
const STOPPED = 'stopped';
/** Timers cannot wait longer than 24 days. */
const LONGEST_WAIT_MS = 86_400_000;
/** Less than this, or than two evaluations, is no gap: the machine was busy. */
const LEAST_GAP_MS = 60_000;
/** Timers may be a little early. */
const MOST_EARLY_MS = 20;

/** Makes the runner of a group; it waits for `start`. */
export function createGroupRunner(placed: PlacedGroup, beginning: Beginning, deps: RunnerDeps): GroupRunner {
  const { file, group, intervalMs, externalLabels, policies } = placed;
  const policyOf = ({ name }: Rule): RulePolicy => policies[name] ?? DEFAULT_POLICY;
  const { clock, timers, logger } = deps;
  const slots = groupSlots(file, group.name, intervalMs);
  let rules = beginning.rules;
  if (beginning.mustRestore)
    rules = rules.map((each) => ({ ...each, state: { ...each.state, isRestored: false } }));
  let mustRestore = beginning.mustRestore;
  let evaluations = 0;
  let evaluatedAt: number | null = null;
  let evaluationMs = 0;
  let missed = 0;
  let totals: RunTotals = { rounds: 0, evaluations: 0, failures: 0 };
  let cancel: CancelTimer = () => undefined;
  let stopped = true;
  let working: Promise<void> = Promise.resolve();
  const stopping = new AbortController();

  const evaluate = async (at: number): Promise<void> => {
    const began = clock.monotonic();
    evaluatedAt = clock.now();
    const before = rules;
    const writes = gatherWrites(deps.write, timers, (index, why) => {
      const each = rules[index];
      if (each === undefined) return;
      totals = { ...totals, failures: totals.failures + 1 };
      const given = before[index]?.state.given ?? each.state.given;
      rules = rules.with(index, { ...each, state: { ...each.state, given, why } });
    });
    for (const [index, each] of before.entries()) {
      if (stopping.signal.aborted) break;
      await writes.before(each.rule);
      const context = {
        ...{ ...deps, externalLabels, intervalMs, policy: policyOf(each.rule) },
        write: writes.writeOf(index),
      };
      const next = await advanceInTime(each, group.limit, at, context, stopping.signal);
      if (next.state.why === STOPPED) break;
      totals = {
        ...totals,
        evaluations: totals.evaluations + 1,
        failures: totals.failures + (next.state.why === null ? 0 : 1),
      };
      // Rules are seen as they are at each moment, not only when the whole group is through.
      rules = rules.with(index, next);
    }
    await writes.flush();
    if (stopping.signal.aborted) return;
    evaluationMs = clock.monotonic() - began;
    evaluations++;
    totals = { ...totals, rounds: totals.rounds + 1 };
    if (!mustRestore || evaluations < BEFORE_RESTORE) return;
    mustRestore = false;
    rules = rules.map((each) => restored(each, clock.now(), deps.findLast, policyOf(each.rule)));
  };

  const waitFor = (planned: number): void => {
    const wait = Math.min(LONGEST_WAIT_MS, intervalMs, Math.max(0, planned - clock.now()));
    cancel = timers.after(wait, () => {
      const early = planned - clock.now();
      if (early > MOST_EARLY_MS) {
        // The wait is a long one, or the clock was set back: then what was planned may be far off now.
        waitFor(early > intervalMs ? slots.after(clock.now()) : planned);
        return;
      }
      // Late by whole intervals: those are gone, and are not made up for.
      const late = Math.max(0, Math.floor((clock.now() - planned) / intervalMs));
      missed += late;
      const at = planned + late * intervalMs;
      const gapMs = late * intervalMs;
      if (gapMs >= LEAST_GAP_MS && late > 1)
        rules = rules.map((each) => ({
          ...each,
          state: { ...each.state, alerts: afterGap(each.state.alerts, policyOf(each.rule).gap, gapMs, at) },
        }));
      working = evaluate(at)
        .catch((thrown) =>
          logger.log('error', 'a rule group failed', {
            file,
            group: group.name,
            what: describeThrown(thrown),
          }),
        )
        .then(() => {
          if (!stopped) waitFor(at + intervalMs);
        });
    });
  };

  return {
    view: () => ({
      ...placed,
      rules,
      evaluatedAt,
      evaluationMs,
      missed,
      totals,
      isSettled: evaluations > (beginning.mustRestore ? BEFORE_RESTORE : 0),
    }),
    start: () => {
      if (!stopped || stopping.signal.aborted) return;
      stopped = false;
      waitFor(slots.after(clock.now()));
    },
    stop: async () => {
      stopped = true;
      cancel();
      stopping.abort();
      await working;
    },
  };
}

/** Evaluates one rule; whatever it does, it ends in time and hurts no other. */
async function advanceInTime(
  { rule, state, sight }: RunningRule,
  limit: number,
  at: number,
  deps: RunnerDeps & {
    readonly externalLabels: Readonly<Record<string, string>>;
    readonly policy: RulePolicy;
    readonly intervalMs: number;
  },
  stopped: AbortSignal,
): Promise<RunningRule> {
  const { clock, timers, logger, ruleTimeoutMs } = deps;
  const evaluatedAt = clock.now();
  const began = clock.monotonic();
  const abort = new AbortController();
  let give: (fault: RuleFault) => void = () => undefined;
  // Also what does not listen to the signal is left behind.
  const given = new Promise<never>((_, reject) => {
    give = reject;
  });
  given.catch(() => undefined);
  const end = (why: string): void => {
    abort.abort();
    give(new RuleFault(why));
  };
  const cancel = timers.after(ruleTimeoutMs, () =>
    end(`the rule took longer than ${ruleTimeoutMs / 1000} s`),
  );
  const onStop = (): void => end(STOPPED);
  stopped.addEventListener('abort', onStop, { once: true });
  const queries: RuleQueries = {
    query: (expr, time) => Promise.race([deps.query(expr, time, abort.signal), given]),
    externalLabels: deps.externalLabels,
    externalUrl: deps.externalUrl(),
  };
  let next: RuleState;
  const watch =
    rule.kind === 'alerting'
      ? watchSight(rule, sight, deps.policy, at, deps.lookForInputs, deps.intervalMs)
      : undefined;
  try {
    next = await advanceRule(rule, state, limit, at, queries, deps.write, watch?.onBlind);
  } catch (thrown) {
    const why = describeThrown(thrown);
    logger.log('error', 'evaluating a rule failed', { rule: rule.name, what: why });
    next = { ...state, why };
  } finally {
    cancel();
    stopped.removeEventListener('abort', onStop);
  }
  return {
    rule,
    state: next,
    evaluatedAt,
    evaluationMs: clock.monotonic() - began,
    sight: watch?.end(next.why) ?? recordingSight(sight, next.why, at),
  };
}

function restored(each: RunningRule, at: number, findLast: FindLast, { gap }: RulePolicy): RunningRule {
  const { rule, state } = each;
  const alerts =
    rule.kind === 'alerting' ? restoreAlerts(rule, state.alerts, at, findLast, gap) : state.alerts;
  return { ...each, state: { ...state, alerts, isRestored: true } };
}

/**
 * What the rules of a changed group go on from: rules of the same name and labels keep their alerts and series, the first of
 * them the first's, the second the second's, as in Prometheus.
 */
export function carryOver(
  rules: readonly Rule[],
  before: readonly RunningRule[],
): { readonly rules: readonly RunningRule[]; readonly ended: readonly Labels[] } {
  const left = [...before];
  const next = rules.map((rule): RunningRule => {
    const key = nameAndLabels(rule);
    const found = left.findIndex((each) => nameAndLabels(each.rule) === key);
    const [old] = found < 0 ? [] : left.splice(found, 1);
    return old === undefined ? fresh(rule) : { ...old, rule };
  });
  return { rules: next, ended: left.flatMap(({ state }) => [...state.given.values()]) };
}

function fresh(rule: Rule): RunningRule {
  return { rule, state: FRESH_RULE, evaluatedAt: null, evaluationMs: 0 };
}

function nameAndLabels({ kind, name, labels }: Rule): string {
  const pairs = labels.map(([label, value]) => [label, typeof value === 'string' ? value : value.text]);
  return JSON.stringify([kind, name, pairs.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))]);
}
