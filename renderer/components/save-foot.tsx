import type { ReactNode } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { Button } from './button.tsx';
import { ErrorNotice } from './error-notice.tsx';

type SaveFootProps = {
  /** Why the last attempt failed. */
  readonly error: AppError | null;
  readonly canSave: boolean;
  readonly onClose: () => void;
  /** Stands apart from saving: the button that removes, or what is still lacking. */
  readonly children?: ReactNode;
};

/** The end of a form that saves: why it could not, the way out, and the button that submits it. */
export function SaveFoot({ error, canSave, onClose, children }: SaveFootProps) {
  const { t } = useTranslation();
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <div className="row">
        {children}
        <span className="spacer" />
        <Button onClick={onClose}>{t('common:action.cancel')}</Button>
        <Button kind="primary" type="submit" disabled={!canSave}>
          {t('common:action.save')}
        </Button>
      </div>
    </>
  );
}
