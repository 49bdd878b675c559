import { PlanFacts } from '../plan-facts.tsx';
import { PlanHistory } from '../plan-history.tsx';
import { PromisePanel, useMeasured } from '../promise-panel.tsx';
import type { PlanTabProps } from './plan-tabs.ts';

/** What a plan promises and keeps, what it is made of, and who changed it. */
export function OverviewTab({ name, plan }: PlanTabProps) {
  const measured = useMeasured().get(name);
  return (
    <>
      {measured && <PromisePanel measured={measured} />}
      {plan && <PlanFacts plan={plan} />}
      <PlanHistory name={name} />
    </>
  );
}
