import { useState } from 'react';
import { Link } from 'react-router';
import type { RestoreState } from '#shared/contract/restore.ts';
import type { AppError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** The address under which a restore is undone. */
export function undoPath(restoreId: string): string {
  return `/recovery/restores/${encodeURIComponent(restoreId)}/undo`;
}

/** What a restore keeps, and the way to undo it, or to the restore that did. */
export function UndoLink({ restore }: { readonly restore: RestoreState }) {
  const { t } = useTranslation();
  const { safety, undoneBy, canUndo } = restore;
  return (
    <div className="row" data-testid="undo-offer">
      {safety !== null && safety.discardedAt === null && (
        <span className="soft figure">
          {t('restore:safety.kept', {
            files: safety.files.toLocaleString('en-US'),
            bytes: formatBytes(safety.bytes),
          })}
        </span>
      )}
      {canUndo && (
        <Link className="btn" to={undoPath(restore.id)}>
          {t('restore:undo.open')}
        </Link>
      )}
      {undoneBy !== null && (
        <Link to={`/recovery/restores/${encodeURIComponent(undoneBy)}?step=evidence`}>
          {t('restore:undo.see')}
        </Link>
      )}
    </div>
  );
}

/** Tries again what a restore could not bring back, when the cause is gone. */
export function RetryButton({ restoreId }: { readonly restoreId: string }) {
  const { t } = useTranslation();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const retry = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('restore.resume', { restoreId });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <div className="row">
      <Button disabled={busy} onClick={() => void retry()}>
        {t('restore:verify.retry')}
      </Button>
      {error && <ErrorNotice error={error} />}
    </div>
  );
}
