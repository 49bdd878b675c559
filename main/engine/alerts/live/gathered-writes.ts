import { type Labels, labelsToRecord, METRIC_NAME } from '#shared/domain/labels.ts';
import { describeThrown } from '#shared/errors/index.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import type { VectorElement } from '../rules/evaluate.ts';
import type { WriteSeries } from '../rules/group.ts';
import type { Rule } from '../rules/model.ts';

/** Writes of one evaluation of a group that are made together: a commit for each rule costs more than the rule. */
export type GatheredWrites = {
  /** Called before a rule is evaluated: what it may read is written first. */
  readonly before: (rule: Rule) => Promise<void>;
  /** Takes the series of the rule of that number. Rejects only when they had to be written at once and could not. */
  readonly writeOf: (index: number) => WriteSeries;
  /** Writes what waits. */
  readonly flush: () => Promise<void>;
};

/** What waits is written after this long even though the group is not through: a slow rule must not hold up others. */
const LONGEST_WAIT_MS = 250;
const MOST_WAITING = 10_000;

type Waiting = { readonly index: number; readonly at: number; readonly series: readonly VectorElement[] };

/**
 * Gathers the writes of a group.
 *
 * @param refused hears of rules whose series could not be kept after all
 */
export function gatherWrites(
  write: WriteSeries,
  timers: Timers,
  refused: (index: number, why: string) => void,
): GatheredWrites {
  let waiting: Waiting[] = [];
  let names = new Set<string>();
  let count = 0;
  let cancel: CancelTimer = () => undefined;

  const flush = async (): Promise<void> => {
    cancel();
    const taken = waiting;
    const [first] = taken;
    waiting = [];
    names = new Set();
    count = 0;
    if (first === undefined) return;
    try {
      await write(
        first.at,
        taken.flatMap(({ series }) => series),
        [],
      );
    } catch {
      // One rule's series must not take those of the others with them, and the fault is told of the rule that has it.
      for (const { index, at, series } of taken)
        await write(at, series, []).catch((thrown: unknown) => refused(index, describeThrown(thrown)));
    }
  };

  return {
    before: async (rule) => {
      if (waiting.length > 0 && mayRead(rule, names)) await flush();
    },
    writeOf: (index) => async (at, series, ended) => {
      if (ended.length > 0 || series.length > MOST_WAITING) {
        // A series that ends here may be one that waits: the order must stay.
        await flush();
        await write(at, series, ended);
        return;
      }
      if (series.length === 0) return;
      if (count + series.length > MOST_WAITING) await flush();
      if (waiting.length === 0) cancel = timers.after(LONGEST_WAIT_MS, () => void flush());
      waiting.push({ index, at, series });
      count += series.length;
      for (const { labels } of series) names.add(nameOf(labels));
    },
    flush,
  };
}

const nameOf = (labels: Labels): string => labelsToRecord(labels)[METRIC_NAME] ?? '';

/**
 * Whether a rule may read series of these names. It is better to say yes too often: a selector without a name, and a template
 * that asks by itself, may read anything.
 */
function mayRead(rule: Rule, names: ReadonlySet<string>): boolean {
  const { expr } = rule;
  if (/__name__|(?:^|[^a-zA-Z0-9_:])\{/.test(expr)) return true;
  for (const name of names) if (expr.includes(name)) return true;
  if (rule.kind === 'recording') return false;
  return [...rule.labels, ...rule.annotations].some(([, { text }]) => text.includes('query'));
}
