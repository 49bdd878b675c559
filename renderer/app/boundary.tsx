import { Component, type ErrorInfo, type ReactNode, useEffect } from 'react';
import { Button } from '../components/button.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import { shouldReload } from './reload.ts';

export type BoundaryProps = {
  readonly children: ReactNode;
  /** What is shown; something else gives the content another chance. */
  readonly place: string;
  /** Drawn in place of the content. */
  readonly instead: (thrown: string) => ReactNode;
};
type BoundaryState = { readonly thrown: string | null };

/** What a thrown value says, with its stack: it is shown to be copied into a report. */
export function thrownText(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

/** Catches a program error in one part of the window, so that the rest of it stays. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { thrown: null };

  static getDerivedStateFromError(thrown: unknown): BoundaryState {
    return { thrown: thrownText(thrown) };
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
    const { thrown } = this.state;
    if (thrown === null) return this.props.children;
    return this.props.instead(thrown);
  }
}

/** Loads the window anew at the same address: what could not be fetched is asked for again by nothing less. */
export function ReopenButton() {
  const { t } = useTranslation();
  return (
    <Button kind="primary" onClick={() => location.reload()}>
      {t('common:error.reopen')}
    </Button>
  );
}

/** Says that a program error happened, what goes on regardless, and the text for a report. */
export function Crashed({ thrown }: { readonly thrown: string }) {
  const { t } = useTranslation();
  useEffect(() => {
    if (shouldReload(thrown, sessionStorage, Date.now())) location.reload();
  }, [thrown]);
  return (
    <div className="page">
      <h1>{t('common:error.crashTitle')}</h1>
      <p>{t('common:error.crashBody')}</p>
      <ReopenButton />
      <pre className="crash">{thrown}</pre>
    </div>
  );
}
