import { useState } from 'react';
import type { BackupKey } from '#shared/contract/backup-encryption.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { KeyCard } from './key-card.tsx';
import { AddKeyDialog, CreateKeyDialog } from './make-dialogs.tsx';
import { SplitKeyDialog, TestKeyDialog, UnlockDialog } from './secret-dialogs.tsx';

/** Which dialog is open, and on which key. */
type Open =
  | { readonly kind: 'create' | 'add' | 'unlock' }
  | { readonly kind: 'test' | 'split'; readonly key: BackupKey };

/** The keys of encrypted plans: make, unlock, test, print. */
export function KeysTab() {
  const { t } = useTranslation();
  const call = useCall();
  const known = useRequest('backup.keys.list', {}, { refreshMs: 60_000 });
  useEvent('backup.changed', known.reload);
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => {
    setOpen(null);
    known.reload();
  };
  const isUnlocked = known.data?.keys.some(({ unlockedUntil }) => unlockedUntil !== null) === true;
  return (
    <>
      <p className="soft">{t('keys:intro')}</p>
      <div className="row">
        <Button kind="primary" onClick={() => setOpen({ kind: 'create' })}>
          {t('keys:create')}
        </Button>
        <Button onClick={() => setOpen({ kind: 'add' })}>{t('keys:addRecipient')}</Button>
        <span className="spacer" />
        <Button onClick={() => setOpen({ kind: 'unlock' })}>{t('keys:unlock')}…</Button>
        {isUnlocked && (
          <Button onClick={() => void call('backup.keys.lock', {}).then(known.reload)}>
            {t('keys:lockAll')}
          </Button>
        )}
      </div>
      <RequestView request={known} rows={4}>
        {({ keys }) =>
          keys.length === 0 ? (
            <EmptyState title={t('keys:none.title')} body={t('keys:none.body')} />
          ) : (
            keys.map((key) => (
              <KeyCard
                key={key.recipient}
                backupKey={key}
                onTest={() => setOpen({ kind: 'test', key })}
                onSplit={() => setOpen({ kind: 'split', key })}
                onRemoved={known.reload}
              />
            ))
          )
        }
      </RequestView>
      {open?.kind === 'create' && <CreateKeyDialog onClose={close} />}
      {open?.kind === 'add' && <AddKeyDialog onClose={close} />}
      {open?.kind === 'unlock' && <UnlockDialog onClose={close} />}
      {open?.kind === 'test' && <TestKeyDialog backupKey={open.key} onClose={close} />}
      {open?.kind === 'split' && <SplitKeyDialog backupKey={open.key} onClose={close} />}
    </>
  );
}
