import type { BackupPlan } from '#shared/contract/backup.ts';
import { AbsoluteTime } from '../../components/figures.tsx';
import { Panel } from '../../components/page-header.tsx';
import { absoluteText } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import {
  copyTexts,
  encryptionText,
  limitsText,
  retentionText,
  scheduleTexts,
  verifyText,
} from '../../wizards/backup-plan/plan-text.ts';
import { nextRuns } from '../../wizards/backup-plan/schedule.ts';
import { RemovePlan } from './remove-plan.tsx';

/** What a plan is made of. */
export function PlanFacts({ plan }: { readonly plan: BackupPlan }) {
  const { t } = useTranslation();
  const text = useText();
  const runs = nextRuns(plan.schedules, useNow(60_000), 5);
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
        <dd>
          {scheduleTexts(t, text, plan.schedules).map((sentence) => (
            <div key={sentence}>{sentence}</div>
          ))}
          {runs.length > 0 && (
            <div className="soft">
              {t('plans:schedule.next')}
              <ul className="file-names figure">
                {runs.map(({ at, type }) => (
                  <li key={at}>
                    {absoluteText(at).slice(0, 16)} · {t(`backups:type.${type}`)}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </dd>
        <dt>{t('plans:fields.limits')}</dt>
        <dd>{limitsText(t, text, plan.limits)}</dd>
        <dt>{t('plans:fields.encryption')}</dt>
        <dd>{encryptionText(t, plan.encryption)}</dd>
        <dt>{t('plans:fields.retention')}</dt>
        <dd>{retentionText(t, text, plan.retention)}</dd>
        <dt>{t('plans:fields.verifyCoverDays')}</dt>
        <dd>{verifyText(t, plan.verifyCoverDays)}</dd>
        <dt>{t('plans:fields.copyTo')}</dt>
        <dd>
          {plan.copyTo.length === 0
            ? t('plans:copy.none')
            : copyTexts(t, plan.copyTo).map((place) => <div key={place}>{place}</div>)}
        </dd>
        <dt>{t('backups:plan.created')}</dt>
        <dd>
          <AbsoluteTime time={plan.createdAt} />
        </dd>
      </dl>
      <RemovePlan plan={plan} />
    </Panel>
  );
}
