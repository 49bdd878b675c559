import type { ComponentType } from 'react';
import { createBrowserRouter } from 'react-router';
import { overviewPage } from '../pages/overview/index.tsx';
import { Frame } from './frame.tsx';
import { NotFound } from './not-found.tsx';
import { PageBoundary, RouteFailed } from './page-boundary.tsx';
import { pageLoaders } from './page-loaders.ts';
import type { PageModule } from './page-module.ts';

function lazyPage(load: () => Promise<PageModule>) {
  return async (): Promise<{ Component: ComponentType }> => {
    const page = await load();
    return { Component: () => <PageBoundary page={page} /> };
  };
}

/** Every address of the window. */
export const router = createBrowserRouter([
  {
    // Documents for paper stand alone: no navigation, no status bar.
    path: 'print/:kind/:id?',
    errorElement: <RouteFailed />,
    hydrateFallbackElement: <div className="frame" />,
    lazy: async () => ({ Component: (await import('../print/print-page.tsx')).PrintPage }),
  },
  {
    // A wall display is all there is on its screen.
    path: 'wall/:uid',
    errorElement: <RouteFailed />,
    hydrateFallbackElement: <div className="frame" />,
    lazy: async () => ({ Component: (await import('../pages/dashboards/wall/wall-page.tsx')).WallPage }),
  },
  {
    element: <Frame />,
    errorElement: <RouteFailed />,
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
