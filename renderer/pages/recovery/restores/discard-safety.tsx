import { useState } from 'react';
import type { RestoreState } from '#shared/contract/restore.ts';
import type { AppError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmByTyping } from '../../../components/confirm-by-typing.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** Gives up what a restore keeps: says how much, and that it cannot be undone then; nothing goes without the word. */
export function DiscardSafety({ restore }: { readonly restore: RestoreState }) {
  const { t } = useTranslation();
  const call = useCall();
  const [isOpen, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const discard = async (confirm: string): Promise<void> => {
    setBusy(true);
    const answer = await call('restore.discardSafety', { restoreId: restore.id, confirm });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setOpen(false);
  };
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)}>
        {t('restore:safety.discard')}
      </Button>
      {isOpen && (
        <Overlay title={t('restore:safety.discardTitle')} kind="dialog" onClose={() => setOpen(false)}>
          <p>{t('restore:safety.discardBody', { bytes: formatBytes(restore.safety?.bytes ?? 0) })}</p>
          <p className="soft">
            {t('restore:safety.dir')}: <span className="mono">{restore.safety?.dir}</span>
          </p>
          <ConfirmByTyping
            word={restore.plan.planName}
            actionLabel={t('restore:safety.discardAction')}
            busy={busy}
            onConfirm={(typed) => void discard(typed)}
          />
          {error && <ErrorNotice error={error} />}
        </Overlay>
      )}
    </>
  );
}
