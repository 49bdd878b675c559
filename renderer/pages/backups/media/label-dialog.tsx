import { useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../../../app/shell.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** Asks for label, pool and place of a new medium, and writes the label onto it. */
export function LabelDialog({
  root,
  onClose,
  onDone,
}: {
  /** Where it is mounted, when that is known. */
  readonly root: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [form, setForm] = useState({ root, label: '', pool: 'default', location: '' });
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const choose = async (): Promise<void> => {
    const answer = await shell()?.chooseFolder({ title: t('media:dialog.root') });
    if (answer?.ok && answer.value !== null) set({ root: answer.value });
  };
  const start = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('backup.media.label', form);
    setBusy(false);
    if (!answer.ok) return setError(answer.error);
    onDone();
    onClose();
  };
  const isComplete = form.root.trim() !== '' && form.label.trim() !== '' && form.pool.trim() !== '';
  return (
    <Overlay title={t('media:dialog.title')} kind="dialog" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete && !busy) void start();
        }}
      >
        <p>{t('media:dialog.body')}</p>
        <Field label={t('media:dialog.root')} hint={t('media:dialog.rootHint')}>
          {(field) => (
            <span className="row">
              <input
                {...field}
                className="input mono grow"
                data-autofocus={root === '' ? true : undefined}
                value={form.root}
                onChange={(event) => set({ root: event.target.value })}
              />
              <Button onClick={() => void choose()}>…</Button>
            </span>
          )}
        </Field>
        <TextField
          label={t('media:dialog.label')}
          hint={t('media:dialog.labelHint')}
          maxLength={40}
          autoFocus={root !== ''}
          value={form.label}
          onChange={(value) => set({ label: value })}
        />
        <TextField
          label={t('media:dialog.pool')}
          hint={t('media:dialog.poolHint')}
          maxLength={40}
          value={form.pool}
          onChange={(value) => set({ pool: value })}
        />
        <TextField
          label={t('media:dialog.location')}
          hint={t('media:dialog.locationHint')}
          maxLength={200}
          value={form.location}
          onChange={(value) => set({ location: value })}
        />
        {error && <ErrorNotice error={error} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={!isComplete || busy}>
            {t('media:dialog.start')}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
