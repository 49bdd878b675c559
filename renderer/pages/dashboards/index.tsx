import './dashboards.css';
import '../../panels/panels.css';
import { Route, Routes } from 'react-router';
import { NotFound } from '../../app/not-found.tsx';
import { DashboardPage } from './dashboard-page.tsx';
import { DashboardsList } from './dashboards-list.tsx';
import { ImportWizard } from './import-wizard.tsx';

/** The addresses below `/metrics/dashboards`. */
export function DashboardsRoutes() {
  return (
    <Routes>
      <Route index element={<DashboardsList />} />
      <Route path="import" element={<ImportWizard />} />
      <Route path=":uid" element={<DashboardPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}
