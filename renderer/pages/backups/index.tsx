import { Route, Routes } from 'react-router';
import { NotFound } from '../../app/not-found.tsx';
import type { PageModule } from '../../app/page-module.ts';
import { BackupPlanWizard, EditPlanWizard } from '../../wizards/backup-plan/backup-plan-wizard.tsx';
import { BackupsPage } from './backups-page.tsx';
import { PlanPage } from './plan-page.tsx';
import { PointPage } from './point-page.tsx';
import '../../wizards/wizards.css';
import './backups.css';

function Backups() {
  return (
    <Routes>
      <Route index element={<BackupsPage />} />
      <Route path="plans/new" element={<BackupPlanWizard />} />
      <Route path="plans/:name/edit" element={<EditPlanWizard />} />
      <Route path="points/:pointId" element={<PointPage />} />
      <Route path=":name" element={<PlanPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

/** The page 备份. */
export const backupsPage: PageModule = {
  id: 'backups',
  Component: Backups,
  keys: [
    { keys: '/', does: 'backups:keys.filter' },
    { keys: 'Enter', does: 'backups:keys.open' },
  ],
};
