import { Route, Routes } from 'react-router';
import { NotFound } from '../../app/not-found.tsx';
import type { PageModule } from '../../app/page-module.ts';
import { RestoreRun } from '../../wizards/restore/restore-run.tsx';
import { RestoreWizard } from '../../wizards/restore/restore-wizard.tsx';
import { UndoRestore } from '../../wizards/restore/undo-restore.tsx';
import { DrillPage } from './disaster/drill-page.tsx';
import { RunPage } from './disaster/run-page.tsx';
import { RunbookPage } from './disaster/runbook-page.tsx';
import { RecoveryPage } from './recovery-page.tsx';
import '../../wizards/wizards.css';
import './recovery.css';
import './disaster/disaster.css';

function Recovery() {
  return (
    <Routes>
      <Route index element={<RecoveryPage />} />
      <Route path="restore" element={<RestoreWizard />} />
      <Route path="restores/:restoreId/undo" element={<UndoRestore />} />
      <Route path="restores/:restoreId" element={<RestoreRun />} />
      <Route path="drills/:drillId" element={<DrillPage />} />
      <Route path="runbooks/:runbookId" element={<RunbookPage />} />
      <Route path="runs/:runId" element={<RunPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

/** The page 恢复. */
export const recoveryPage: PageModule = {
  id: 'recovery',
  Component: Recovery,
  keys: [
    { keys: 'Enter', does: 'recovery:keys.next' },
    { keys: '/', does: 'backups:keys.filter' },
  ],
};
