import type { BackupPlan } from '#shared/contract/backup.ts';
import { AbsoluteTime, Duration } from '../../components/figures.tsx';
import { Panel } from '../../components/page-header.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { fromCron } from '../../wizards/backup-plan/schedule.ts';
import { scheduleText } from '../../wizards/backup-plan/schedule-text.ts';
import { RemovePlan } from './remove-plan.tsx';

/** What a plan is made of. */
export function PlanFacts({ plan }: { readonly plan: BackupPlan }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('common:action.details')}>
      <dl className="facts">
        <dt>{t('backups:plan.sources')}</dt>
        <dd className="mono">
          {plan.sources.map((source) => (
            <div key={source}>{source}</div>
          ))}
        </dd>
        {(plan.exclude?.length ?? 0) > 0 && (
          <>
            <dt>{t('backups:plan.exclude')}</dt>
            <dd className="mono">{plan.exclude?.join('  ')}</dd>
          </>
        )}
        <dt>{t('backups:plan.target')}</dt>
        <dd className="mono">{plan.targetDir}</dd>
        <dt>{t('backups:plan.schedule')}</dt>
        <dd>{scheduleText(t, fromCron(plan.schedule ?? null))}</dd>
        <dt>{t('backups:wizard.rpo')}</dt>
        <dd>{plan.rpoMs == null ? t('backups:wizard.noObjective') : <Duration ms={plan.rpoMs} />}</dd>
        <dt>{t('backups:wizard.rto')}</dt>
        <dd>{plan.rtoMs == null ? t('backups:wizard.noObjective') : <Duration ms={plan.rtoMs} />}</dd>
        <dt>{t('backups:plan.created')}</dt>
        <dd>
          <AbsoluteTime time={plan.createdAt} />
        </dd>
      </dl>
      <RemovePlan plan={plan} />
    </Panel>
  );
}
