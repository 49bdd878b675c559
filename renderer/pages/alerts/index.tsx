import { Route, Routes } from 'react-router';
import { NotFound } from '../../app/not-found.tsx';
import type { PageModule } from '../../app/page-module.ts';
import { AlertPage } from './alert/alert-page.tsx';
import { AlertsPage } from './alerts-page.tsx';
import './alerts.css';
import './alerts-forms.css';
import '../../wizards/wizards.css';

function Alerts() {
  return (
    <Routes>
      <Route index element={<AlertsPage />} />
      <Route path=":id" element={<AlertPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

/** The page 告警: what is wrong, who is on it, who is told, and why. */
export const alertsPage: PageModule = {
  id: 'alerts',
  Component: Alerts,
  keys: [
    { keys: '↓', does: 'alerts:keys.move' },
    { keys: '→', does: 'alerts:keys.fold' },
    { keys: 'Enter', does: 'alerts:keys.open' },
    { keys: 'A', does: 'alerts:keys.acknowledge' },
    { keys: 'S', does: 'alerts:keys.silence' },
    { keys: '/', does: 'alerts:keys.filter' },
  ],
};
