import { useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { RebuildDialog } from './rebuild-dialog.tsx';

/**
 * What helps where there is nothing to restore from: on a workstation that was set up anew the archives of a medium
 * are taken in; on a site that never made a backup, one is made. Whoever shows it shows the rebuild, too
 * (`RebuildJobs`): points that are found take this away before the rebuild has ended.
 */
export function NoPoints({
  areListed = false,
}: {
  /** There are points in the catalogue, but no archive of them is at hand. */
  readonly areListed?: boolean;
}) {
  const { t } = useTranslation();
  const [rebuilding, setRebuilding] = useState(false);
  return (
    <div className="stack" data-testid="no-points">
      <EmptyState
        title={t(areListed ? 'backups:noPoints.absent' : 'backups:noPoints.title')}
        body={t(areListed ? 'backups:noPoints.absentBody' : 'backups:noPoints.body')}
        action={
          <div className="row">
            <Button kind="primary" onClick={() => setRebuilding(true)}>
              {t('backups:rebuild')}
            </Button>
            <Link className="btn" to="/backups">
              {t('backups:noPoints.toBackups')}
            </Link>
          </div>
        }
      />
      {rebuilding && <RebuildDialog onClose={() => setRebuilding(false)} />}
    </div>
  );
}
