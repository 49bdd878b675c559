import { useEffect } from 'react';
import { useLocation, useRouteError } from 'react-router';
import { Boundary, Crashed, thrownText } from './boundary.tsx';
import type { PageModule } from './page-module.ts';
import { PageScope, useShownPage } from './page-scope.ts';

/** Draws a page inside its error boundary and tells the frame which page it is. */
export function PageBoundary({ page }: { readonly page: PageModule }) {
  const { pathname } = useLocation();
  useEffect(() => useShownPage.setState({ page }), [page]);
  return (
    <PageScope.Provider value={page}>
      <Boundary place={pathname} instead={(thrown, again) => <Crashed thrown={thrown} onReopen={again} />}>
        <page.Component />
      </Boundary>
    </PageScope.Provider>
  );
}

/** In place of a page whose files could not be loaded. */
export function RouteFailed() {
  const error = useRouteError();
  return <Crashed thrown={thrownText(error)} onReopen={() => location.reload()} />;
}
