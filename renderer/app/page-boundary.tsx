import { useEffect } from 'react';
import { useLocation, useRouteError } from 'react-router';
import { Boundary, Crashed, thrownText } from './boundary.tsx';
import type { PageModule } from './page-module.ts';
import { useShownPage } from './shown-page.ts';

/** Draws a page inside its error boundary and tells the frame which page it is. */
export function PageBoundary({ page }: { readonly page: PageModule }) {
  const { pathname } = useLocation();
  useEffect(() => useShownPage.setState({ page }), [page]);
  return (
    <Boundary place={pathname} instead={(thrown) => <Crashed thrown={thrown} />}>
      <page.Component />
    </Boundary>
  );
}

/** In place of a page whose files could not be loaded. */
export function RouteFailed() {
  return <Crashed thrown={thrownText(useRouteError())} />;
}
