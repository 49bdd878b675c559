import { type ReactNode, useState } from 'react';
import type { AppError, Result } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

/** A dialog with one question: what it explains, its fields, and a button that is busy while the engine works. */
export function DialogForm({
  title,
  body,
  action,
  isReady,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string;
  readonly body: string;
  readonly action: string;
  readonly isReady: boolean;
  /** Does it; a failure is shown here, what follows a success is the caller's. */
  readonly onSubmit: () => Promise<Result<unknown>>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    const answer = await onSubmit();
    setBusy(false);
    if (!answer.ok) setError(answer.error);
  };
  return (
    <Overlay title={title} kind="dialog" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !busy) void submit();
        }}
      >
        <p>{body}</p>
        {children}
        {error && <ErrorNotice error={error} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.close')}</Button>
          <Button kind="primary" type="submit" disabled={!isReady || busy}>
            {action}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
