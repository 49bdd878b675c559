import type { Slo } from '#shared/contract/rules-authoring.ts';
import { labelsKey, labelsToRecord } from '#shared/domain/labels.ts';
import { RuleFault, type VectorElement } from '../rules/evaluate.ts';
import { BURN_WINDOWS_MS, budgetOf, errorRatio, type SloForm } from './slo-rules.ts';

/** Asks for a vector now; rejects with {@link RuleFault}. */
export type AskNow = (expr: string) => Promise<readonly VectorElement[]>;

type Budget = Slo['budgets'][number];

/** The last of the windows that is long enough to foresee the end and short enough to follow the present. */
const TREND = 1;

/** How an SLO stands now, worst first. */
export async function sloBudgets(form: SloForm, ask: AskNow, now: number): Promise<Budget[]> {
  const whole = await ratios(form, form.windowMs, ask);
  const burns = await Promise.all(BURN_WINDOWS_MS.map((ms) => ratios(form, ms, ask)));
  const budget = budgetOf(form);
  const rows = [...whole.values()].map(({ labels, ratio }): Budget => {
    const key = labelsKey(labels);
    const burn = BURN_WINDOWS_MS.map((windowMs, index) => {
      const found = burns[index]?.get(key)?.ratio ?? null;
      return { windowMs, rate: found === null ? null : found / budget };
    });
    const left = ratio === null ? null : 1 - ratio / budget;
    return {
      labels: labelsToRecord(labels),
      errorRatio: ratio,
      left,
      burn,
      spentAt: spentAt(left, burn[TREND]?.rate ?? null, form.windowMs, now),
    };
  });
  return rows.toSorted((a, b) => (a.left ?? 2) - (b.left ?? 2));
}

/** When the budget is spent if it burns on like that; null when it lasts for the whole window or is spent already. */
function spentAt(left: number | null, rate: number | null, windowMs: number, now: number): number | null {
  if (left === null || rate === null || left <= 0 || rate <= 1) return null;
  return Math.round(now + (left / rate) * windowMs);
}

type Ratio = { readonly labels: VectorElement['labels']; readonly ratio: number | null };

async function ratios(form: SloForm, windowMs: number, ask: AskNow): Promise<ReadonlyMap<string, Ratio>> {
  try {
    const found = await ask(errorRatio(form, windowMs));
    return new Map(
      found.map(({ labels, value }) => [
        labelsKey(labels),
        // No events at all are 0 of 0.
        { labels, ratio: Number.isFinite(value) ? Math.max(0, value) : null },
      ]),
    );
  } catch (thrown) {
    // A series that has become a histogram, or a query that is too large: then nothing is known of this window.
    if (thrown instanceof RuleFault) return new Map();
    throw thrown;
  }
}
