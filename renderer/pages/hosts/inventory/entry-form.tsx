import { type ReactNode, useState } from 'react';
import type { AppError, Result } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

/** A form that saves one entry of the inventory: it closes when the engine took it, else it says why not. */
export function EntryForm({
  title,
  disabled = false,
  save,
  onClose,
  children,
}: {
  readonly title: string;
  readonly disabled?: boolean;
  readonly save: () => Promise<Result<unknown>>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const submit = async (): Promise<void> => {
    setBusy(true);
    const result = await save();
    setBusy(false);
    if (result.ok) onClose();
    else setError(result.error);
  };
  return (
    <Overlay title={title} onClose={onClose}>
      <form
        className="stack tight"
        onSubmit={(event) => {
          event.preventDefault();
          if (!disabled && !busy) void submit();
        }}
      >
        {error && <ErrorNotice error={error} />}
        {children}
        <div className="row">
          <Button kind="primary" type="submit" disabled={disabled || busy}>
            {t('inventory:save')}
          </Button>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
        </div>
      </form>
    </Overlay>
  );
}
