import { useState } from 'react';
import { TextAreaField } from '../../../components/text-area-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DialogForm } from './dialog-form.tsx';

type DialogProps = { readonly onClose: () => void };

/** Makes a key sealed by a passphrase. */
export function CreateKeyDialog({ onClose }: DialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [name, setName] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [postQuantum, setPostQuantum] = useState(false);
  const differs = again !== '' && again !== passphrase;
  return (
    <DialogForm
      title={t('keys:make.title')}
      body={t('keys:make.body')}
      action={t('keys:create')}
      isReady={name.trim() !== '' && passphrase !== '' && again === passphrase}
      onClose={onClose}
      onSubmit={async () => {
        const made = await call('backup.keys.create', { name: name.trim(), passphrase, postQuantum });
        if (made.ok) onClose();
        return made;
      }}
    >
      <TextField label={t('keys:make.name')} autoFocus value={name} onChange={setName} />
      <TextField
        label={t('keys:make.passphrase')}
        hint={t('keys:make.hint')}
        type="password"
        autoComplete="new-password"
        value={passphrase}
        onChange={setPassphrase}
      />
      <TextField
        label={t('keys:make.again')}
        error={differs ? t('keys:make.differs') : null}
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={setAgain}
      />
      <label className="choice">
        <input type="checkbox" checked={postQuantum} onChange={() => setPostQuantum(!postQuantum)} />
        {t('keys:make.postQuantum')}
      </label>
    </DialogForm>
  );
}

/** Gives a recipient made elsewhere a name. */
export function AddKeyDialog({ onClose }: DialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [name, setName] = useState('');
  const [recipient, setRecipient] = useState('');
  return (
    <DialogForm
      title={t('keys:add.title')}
      body={t('keys:add.body')}
      action={t('keys:addRecipient')}
      isReady={name.trim() !== '' && recipient.trim() !== ''}
      onClose={onClose}
      onSubmit={async () => {
        const added = await call('backup.keys.add', { name: name.trim(), recipient: recipient.trim() });
        if (added.ok) onClose();
        return added;
      }}
    >
      <TextField label={t('keys:make.name')} autoFocus value={name} onChange={setName} />
      <TextAreaField label={t('keys:add.recipient')} rows={3} value={recipient} onChange={setRecipient} />
    </DialogForm>
  );
}
