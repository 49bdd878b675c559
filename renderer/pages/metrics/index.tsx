import './metrics.css';
import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { NotFound } from '../../app/not-found.tsx';
import type { PageModule } from '../../app/page-module.ts';
import { MetricsPage } from './metrics-page.tsx';
import { SpacePage } from './space/space-page.tsx';

/** Dashboards come in a file of their own: somebody who types an expression does not wait for them. */
const Dashboards = lazy(async () => ({
  default: (await import('../dashboards/index.tsx')).DashboardsRoutes,
}));

function MetricsRoutes() {
  return (
    <Routes>
      <Route index element={<MetricsPage />} />
      <Route path="space" element={<SpacePage />} />
      <Route
        path="dashboards/*"
        element={
          <Suspense fallback={<div className="page" />}>
            <Dashboards />
          </Suspense>
        }
      />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

/** Expressions as charts and tables, with all metrics beside them. */
export const metricsPage: PageModule = {
  id: 'metrics',
  Component: MetricsRoutes,
  keys: [
    { keys: 'Enter', does: 'metrics:keys.run' },
    { keys: 'Ctrl+Enter', does: 'metrics:keys.run' },
    { keys: 'Alt+Enter', does: 'metrics:keys.newLine' },
    { keys: '←', does: 'metrics:keys.step' },
    { keys: 'Shift+←', does: 'metrics:keys.pan' },
    { keys: '+', does: 'metrics:keys.zoomIn' },
    { keys: '-', does: 'metrics:keys.zoomOut' },
    { keys: 'Backspace', does: 'metrics:keys.zoomBack' },
    { keys: '0', does: 'metrics:keys.reset' },
    { keys: 'L', does: 'metrics:keys.logs' },
    { keys: 'E', does: 'dashboards:keys.edit' },
    { keys: 'Ctrl+Z', does: 'dashboards:keys.undo' },
    { keys: 'Ctrl+Shift+Z', does: 'dashboards:keys.redo' },
    { keys: 'Shift+→', does: 'dashboards:keys.resize' },
  ],
};
