import { useEffect, useState } from 'react';
import type { BackupPlan } from '#shared/contract/backup.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { PlanTabProps } from '../tabs/plan-tabs.ts';
import { useJobsOf } from '../use-backups.ts';
import { ClockNotice } from './clock-notice.tsx';
import { CoverLine } from './cover-line.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { HoldsPanel } from './holds-panel.tsx';
import { MassChangeBanner } from './mass-change-banner.tsx';
import { PolicyPanel, type RetentionDraft } from './policy-panel.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { SimulatorPanel } from './simulator-panel.tsx';

/** The view 保留 of a plan: what is kept, what goes and why, what it will take, what is held. */
export function RetentionTab({ name, plan }: PlanTabProps) {
  const { t } = useTranslation();
  if (plan === null) return <p className="soft">{t('retention:noPlan', { name })}</p>;
  return <Retention plan={plan} />;
}

function Retention({ plan }: { readonly plan: BackupPlan }) {
  const busy = useJobsOf(plan.name).some((job) => job.endedAt === null);
  const inForce: RetentionDraft = { retention: plan.retention, verifyCoverDays: plan.verifyCoverDays };
  const key = JSON.stringify(inForce);
  const [draft, setDraft] = useState(inForce);
  // What is saved, here or elsewhere, is what is shown then.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the content is what counts, not the object.
  useEffect(() => setDraft(inForce), [key]);
  const isChanged = JSON.stringify(draft) !== key;
  const isOtherPolicy = JSON.stringify(draft.retention) !== JSON.stringify(plan.retention);
  return (
    <div className="stack">
      <MassChangeBanner plan={plan.name} />
      <ClockNotice plan={plan.name} />
      <CoverLine plan={plan.name} />
      <PolicyPanel plan={plan} draft={draft} onChange={setDraft} isChanged={isChanged} />
      <PreviewPanel plan={plan.name} busy={busy} {...(isOtherPolicy ? { draft: draft.retention } : {})} />
      <SimulatorPanel plan={plan.name} policy={draft.retention} />
      <HoldsPanel plan={plan.name} />
      <HistoryPanel plan={plan.name} />
    </div>
  );
}
