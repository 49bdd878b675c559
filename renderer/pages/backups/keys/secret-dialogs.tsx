import { useState } from 'react';
import type { BackupKey } from '#shared/contract/backup-encryption.ts';
import { CountField } from '../../../components/count-field.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PdfButton } from '../../../print/pdf-button.tsx';
import { DialogForm } from './dialog-form.tsx';
import { SecretFields, secretOf, useSecretDraft } from './secret-fields.tsx';

/** Holds what a secret opens in the engine's memory for a while. */
export function UnlockDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useSecretDraft();
  const [dir, setDir] = useState('');
  const secret = secretOf(draft);
  const dirs = dir.trim() === '' ? [] : [dir.trim()];
  return (
    <DialogForm
      title={t('keys:unlock')}
      body={t('keys:secret.body')}
      action={t('keys:unlock')}
      isReady={secret !== null}
      onClose={onClose}
      onSubmit={async () => {
        const opened = await call('backup.keys.unlock', { ...secret, dirs });
        if (opened.ok) onClose();
        return opened;
      }}
    >
      <SecretFields draft={draft} onChange={setDraft} />
      {draft.how === 'passphrase' && (
        <TextField
          label={t('keys:secret.dir')}
          hint={t('keys:secret.dirHint')}
          mono
          placeholder="/mnt/backup"
          value={dir}
          onChange={setDir}
        />
      )}
    </DialogForm>
  );
}

/** The yearly question: does it still open what we have? */
export function TestKeyDialog({
  backupKey,
  onClose,
}: {
  readonly backupKey: BackupKey;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useSecretDraft();
  const [opened, setOpened] = useState<string | null>(null);
  const secret = secretOf(draft);
  return (
    <DialogForm
      title={t('keys:test.title')}
      body={t('keys:test.body')}
      action={t('keys:test.start')}
      isReady={secret !== null}
      onClose={onClose}
      onSubmit={async () => {
        setOpened(null);
        const tested = await call('backup.keys.test', { ...secret, recipient: backupKey.recipient });
        if (tested.ok) setOpened(tested.value.pointId);
        return tested;
      }}
    >
      <SecretFields draft={draft} onChange={setDraft} />
      {opened !== null && (
        <div role="status">
          <StateBadge state="ok" word={t('keys:test.done', { point: opened })} />
        </div>
      )}
    </DialogForm>
  );
}

/** Splits an unlocked key into sheets, and prints them one by one. */
export function SplitKeyDialog({
  backupKey,
  onClose,
}: {
  readonly backupKey: BackupKey;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [of, setOf] = useState(5);
  const [needed, setNeeded] = useState(3);
  const [made, setMade] = useState(0);
  const name = backupKey.name ?? backupKey.fingerprint;
  return (
    <DialogForm
      title={t('keys:split.title')}
      body={t('keys:split.body')}
      action={t('keys:split.start')}
      isReady={made === 0 && needed <= of}
      onClose={onClose}
      onSubmit={async () => {
        const split = await call('backup.keys.split', { recipient: backupKey.recipient, of, needed });
        if (split.ok) setMade(split.value.shares.length);
        return split;
      }}
    >
      <div className="field-row">
        <CountField
          label={t('keys:split.of')}
          min={2}
          max={20}
          value={of}
          disabled={made > 0}
          onChange={setOf}
        />
        <CountField
          label={t('keys:split.needed')}
          min={2}
          max={of}
          value={needed}
          disabled={made > 0}
          onChange={setNeeded}
        />
      </div>
      {made > 0 && (
        <>
          <p>{t('keys:split.after')}</p>
          {Array.from({ length: made }, (_, index) => index + 1).map((number) => (
            <PdfButton
              key={number}
              kind="key-sheet"
              id={`${backupKey.fingerprint}~${number}`}
              name={`key-sheet-${name}-${number}`}
              label={t('keys:split.print', { number })}
            />
          ))}
        </>
      )}
    </DialogForm>
  );
}
