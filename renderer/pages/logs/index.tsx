import { Navigate, Route, Routes } from 'react-router';
import { NotFound } from '../../app/not-found.tsx';
import type { PageModule } from '../../app/page-module.ts';
import { AddLogSourceWizard } from '../../wizards/add-log-source/add-log-source-wizard.tsx';
import { LogsPage } from './logs-page.tsx';
import '../../wizards/wizards.css';
import './logs.css';
import './analysis/analysis.css';
import './sources/sources.css';

function Logs() {
  return (
    <Routes>
      <Route index element={<LogsPage />} />
      <Route path="sources" element={<Navigate to="/logs?tab=sources" replace />} />
      <Route path="sources/add" element={<AddLogSourceWizard />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

/** The page 日志. */
export const logsPage: PageModule = {
  id: 'logs',
  Component: Logs,
  keys: [
    { keys: '/', does: 'logs:keys.search' },
    { keys: '↑ ↓', does: 'logs:keys.lines' },
    { keys: 'Enter', does: 'logs:keys.open' },
    { keys: '←', does: 'logs:histogram.keys' },
  ],
};
