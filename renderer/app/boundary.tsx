import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import { useTranslation } from '../locales/use-translation.ts';

export type BoundaryProps = {
  readonly children: ReactNode;
  /** What is shown; something else gives the content another chance. */
  readonly place: string;
  /** Drawn in place of the content. */
  readonly instead: (thrown: string, again: () => void) => ReactNode;
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
    return this.props.instead(thrown, () => this.setState({ thrown: null }));
  }
}

/** Says that a program error happened, what goes on regardless, and the text for a report. */
export function Crashed({ thrown, onReopen }: { readonly thrown: string; readonly onReopen: () => void }) {
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
