import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Overlay } from '../../components/drawer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useCall } from '../../components/use-request.ts';
import { useSaving } from '../../components/use-saving.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** What a passphrase is asked for. */
export type PassphraseTask = 'unlock' | 'set' | 'change' | 'remove';

/** Asks for the passphrase of the sealed store, present or new; what is typed is never kept beyond the dialog. */
export function PassphraseDialog({
  task,
  onClose,
}: {
  readonly task: PassphraseTask;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const saving = useSaving(onClose);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [repeated, setRepeated] = useState('');
  const asksCurrent = task !== 'set';
  const asksNext = task === 'set' || task === 'change';
  const isSame = next === repeated;
  const isReady = (!asksCurrent || current !== '') && (!asksNext || (next !== '' && isSame));
  const submit = (): Promise<void> => {
    if (task === 'unlock') return saving.run(call('secrets.unlock', { passphrase: current }));
    if (task === 'remove') return saving.run(call('secrets.removePassphrase', { current }));
    return saving.run(
      call('secrets.setPassphrase', { passphrase: next, ...(asksCurrent ? { current } : {}) }),
    );
  };
  const line = (
    label: string,
    value: string,
    set: (value: string) => void,
    more: { readonly hint?: string; readonly error?: string | null; readonly first?: boolean } = {},
  ) => (
    <TextField
      label={label}
      hint={more.hint}
      error={more.error}
      type="password"
      autoComplete="off"
      autoFocus={more.first === true}
      maxLength={1_000}
      value={value}
      onChange={set}
    />
  );
  const title = t(`secrets:${task}`);
  const body = {
    unlock: 'unlockBody',
    set: 'changeBody',
    change: 'changeBody',
    remove: 'removeBody',
  } as const;
  return (
    <Overlay kind="dialog" title={title} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !saving.busy) void submit();
        }}
      >
        <p>{t(`secrets:${body[task]}`)}</p>
        {asksCurrent &&
          line(t(task === 'unlock' ? 'secrets:passphrase' : 'secrets:current'), current, setCurrent, {
            first: true,
          })}
        {asksNext &&
          line(t('secrets:next'), next, setNext, { hint: t('secrets:nextHint'), first: task === 'set' })}
        {asksNext &&
          line(t('secrets:repeat'), repeated, setRepeated, {
            error: repeated !== '' && !isSame ? t('secrets:repeatBad') : null,
          })}
        {saving.error && <ErrorNotice error={saving.error} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={!isReady || saving.busy}>
            {title}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
