import { Component, type ErrorInfo, type ReactNode, useEffect } from 'react';
import { useLocation, useRouteError } from 'react-router';
import { Button } from '../components/button.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import type { PageModule } from './page-module.ts';
import { PageScope, useShownPage } from './page-scope.ts';

type BoundaryProps = {
  readonly children: ReactNode /** Another address gives the page another chance. */;
  readonly place: string;
};
type BoundaryState = { readonly thrown: string | null };

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

/** Catches a program error of one page, so that the frame and its status bar stay. */
class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { thrown: null };

  static getDerivedStateFromError(thrown: unknown): BoundaryState {
    return { thrown: textOf(thrown) };
  }

  override componentDidCatch(thrown: unknown, info: ErrorInfo): void {
    // The preload forwards the console to the log; an exception is a bug and must be found there.
    // biome-ignore lint/suspicious/noConsole: the console is this window's way to the log.
    console.error('page crashed', thrown, info.componentStack);
  }

  override componentDidUpdate(before: BoundaryProps): void {
    if (this.state.thrown !== null && before.place !== this.props.place) this.setState({ thrown: null });
  }

  override render(): ReactNode {
    if (this.state.thrown === null) return this.props.children;
    return <Crashed thrown={this.state.thrown} onReopen={() => this.setState({ thrown: null })} />;
  }
}

function Crashed({ thrown, onReopen }: { readonly thrown: string; readonly onReopen: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="page">
      <h1>{t('common:error.crashTitle')}</h1>
      <p>{t('common:error.crashBody')}</p>
      <Button kind="primary" onClick={onReopen}>
        {t('common:error.reopen')}
      </Button>
      <pre className="crash">{thrown}</pre>
    </div>
  );
}

/** Draws a page inside its error boundary and tells the frame which page it is. */
export function PageBoundary({ page }: { readonly page: PageModule }) {
  const { pathname } = useLocation();
  useEffect(() => useShownPage.setState({ page }), [page]);
  return (
    <PageScope.Provider value={page}>
      <Boundary place={pathname}>
        <page.Component />
      </Boundary>
    </PageScope.Provider>
  );
}

/** In place of a page whose files could not be loaded. */
export function RouteFailed() {
  const error = useRouteError();
  return <Crashed thrown={textOf(error)} onReopen={() => location.reload()} />;
}
