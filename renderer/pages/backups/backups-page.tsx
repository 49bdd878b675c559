import { useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageTabs, useTab } from '../../components/page-tabs.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { type AssessedPlan, isBreach } from './objective.ts';
import { RebuildDialog, RebuildJobs } from './rebuild-dialog.tsx';
import { backupsTabs } from './tabs/backups-tabs.ts';
import { useBackups } from './use-backups.ts';

/** The plans, the media, the keys: one view each. */
export function BackupsPage() {
  const { t } = useTranslation();
  const backups = useBackups();
  const [rebuilding, setRebuilding] = useState(false);
  const tab = useTab(backupsTabs);
  const { assessed } = backups;
  return (
    <div className="page stack">
      <PageHeader
        title={t('backups:title')}
        summary={assessed && assessed.length > 0 && <Summary plans={assessed} />}
        actions={
          <>
            <Button onClick={() => setRebuilding(true)}>{t('backups:rebuild')}</Button>
            <Link className="btn btn-primary" to="/backups/plans/new">
              {t('backups:newPlan')}
            </Link>
          </>
        }
      />
      <RebuildJobs onEnded={backups.reload} />
      <PageTabs tabs={backupsTabs} current={tab?.id} label={t('backups:tabs.label')} />
      {tab && <tab.Component backups={backups} />}
      {rebuilding && <RebuildDialog onClose={() => setRebuilding(false)} />}
    </div>
  );
}

function Summary({ plans }: { readonly plans: readonly AssessedPlan[] }) {
  const { t } = useTranslation();
  const breaches = plans.filter(({ objective }) => isBreach(objective.state)).length;
  return breaches === 0 ? (
    <StateBadge state="ok" word={t('backups:summaryOk', { plans: plans.length })} />
  ) : (
    <StateBadge state="critical" word={t('backups:summaryBreach', { plans: plans.length, breaches })} />
  );
}
