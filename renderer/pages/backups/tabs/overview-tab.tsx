import { PlanFacts } from '../plan-facts.tsx';
import type { PlanTabProps } from './plan-tabs.ts';

/** What a plan promises, keeps and is made of. */
export function OverviewTab({ plan }: PlanTabProps) {
  return plan && <PlanFacts plan={plan} />;
}
