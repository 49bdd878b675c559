import type { ComponentType } from 'react';
import { createBrowserRouter } from 'react-router';
import { overviewPage } from '../pages/overview/index.tsx';
import { Frame } from './frame.tsx';
import { NotFound } from './not-found.tsx';
import { PageBoundary, RouteFailed } from './page-boundary.tsx';
import type { PageModule } from './page-module.ts';

/**
 * Pages besides the overview come with Ant Design in files of their own, so that the first paint waits for neither.
 */
const pageLoaders = {
  hosts: async () => (await import('../pages/hosts/index.tsx')).hostsPage,
  metrics: async () => (await import('../pages/metrics/index.tsx')).metricsPage,
  alerts: async () => (await import('../pages/alerts/index.tsx')).alertsPage,
  logs: async () => (await import('../pages/logs/index.tsx')).logsPage,
  backups: async () => (await import('../pages/backups/index.tsx')).backupsPage,
  recovery: async () => (await import('../pages/recovery/index.tsx')).recoveryPage,
  settings: async () => (await import('../pages/settings/index.tsx')).settingsPage,
} as const;

function lazyPage(load: () => Promise<PageModule>) {
  return async (): Promise<{ Component: ComponentType }> => {
    const [page, { AntdScope }] = await Promise.all([load(), import('./antd-scope.tsx')]);
    const Component = (): React.ReactNode => (
      <AntdScope>
        <PageBoundary page={page} />
      </AntdScope>
    );
    return { Component };
  };
}

/** Every address of the window. */
export const router = createBrowserRouter([
  {
    element: <Frame />,
    // Shown for an instant while a deep address loads its page.
    hydrateFallbackElement: <div className="frame" />,
    children: [
      {
        // A page that cannot be loaded leaves the frame and its status bar standing.
        errorElement: <RouteFailed />,
        children: [
          { index: true, element: <PageBoundary page={overviewPage} /> },
          ...Object.entries(pageLoaders).map(([id, load]) => ({ path: `${id}/*`, lazy: lazyPage(load) })),
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
]);

/** Fetches the other pages' files while nothing else is going on, so that a first visit is instant. */
export function prefetchPages(): void {
  requestIdleCallback(
    async () => {
      await import('./antd-scope.tsx');
      for (const load of Object.values(pageLoaders)) await load();
    },
    { timeout: 10_000 },
  );
}
