import type { AppError } from '#shared/errors/index.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { Button } from './button.tsx';
import { StateShape } from './state-badge.tsx';
import { useText } from './use-text.ts';

export type ErrorNoticeProps = {
  readonly error: AppError;
  /** Offers to try again. */
  readonly onRetry?: () => void;
  /** What still works, when that is worth saying. */
  readonly still?: string;
};

/** An expected failure where it arose: what happened, what to do, where in the input, and a code to look up. */
export function ErrorNotice({ error, onRetry, still }: ErrorNoticeProps) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <div className="notice notice-critical" role="alert" data-error-code={error.code}>
      <StateShape state="critical" />
      <div className="notice-body">
        <strong>{text(error.message)}</strong>
        <div>{text(error.hint)}</div>
        {still && <div>{still}</div>}
        <div className="soft small">
          {[
            t('common:error.code', { code: error.code }),
            error.line === undefined ? null : t('common:error.line', { line: error.line }),
            error.field === undefined ? null : t('common:error.field', { field: error.field }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </div>
        {error.detail && (
          <details className="small">
            <summary>{t('common:error.detail')}</summary>
            <code>{error.detail}</code>
          </details>
        )}
      </div>
      {onRetry && <Button onClick={onRetry}>{t('common:action.retry')}</Button>}
    </div>
  );
}
