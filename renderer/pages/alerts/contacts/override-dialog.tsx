import { useState } from 'react';
import type { Contact, Rota } from '#shared/contract/contacts.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { SaveFoot } from '../../../components/save-foot.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { TimeField } from '../silences/time-field.tsx';

const HOUR_MS = 3_600_000;

export type OverrideDialogProps = {
  readonly rota: Rota;
  readonly people: readonly Contact[];
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** Puts somebody else on call for a while, and takes such changes back. */
export function OverrideDialog({ rota, people, onClose, onDone }: OverrideDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [from, setFrom] = useState(() => Math.ceil(Date.now() / HOUR_MS) * HOUR_MS);
  const [to, setTo] = useState(() => Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 12 * HOUR_MS);
  const [instead, setInstead] = useState('');
  const [who, setWho] = useState('');
  const [note, setNote] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const nameOf = (id: string): string => people.find((one) => one.id === id)?.name ?? t('channels:rota.gone');
  const keep = async (overrides: Rota['overrides']): Promise<void> => {
    setBusy(true);
    const answer = await call('shifts.update', { ...rota, overrides });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onDone();
  };
  const add = (): Promise<void> =>
    keep([
      ...rota.overrides,
      {
        id: crypto.randomUUID(),
        ...{ from, to, note: note.trim() },
        instead: instead === '' ? null : instead,
        contacts: who === '' ? [] : [who],
      },
    ]);
  const choice = (label: string, none: string, value: string, set: (id: string) => void) => (
    <SelectField
      label={label}
      value={value}
      options={[['', none], ...people.map(({ id, name }) => [id, name] as const)]}
      onChange={set}
    />
  );
  return (
    <Overlay kind="dialog" title={t('channels:override.title', { name: rota.name })} onClose={onClose}>
      <form
        className="fields"
        data-testid="override-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (from < to && !busy) void add();
        }}
      >
        {choice(t('channels:override.who'), t('channels:override.nobody'), who, setWho)}
        {choice(t('channels:override.instead'), t('channels:override.everybody'), instead, setInstead)}
        <div className="fields-row">
          <TimeField label={t('channels:rota.from')} time={from} onChange={setFrom} />
          <TimeField label={t('channels:rota.to')} time={to} onChange={setTo} />
        </div>
        <TextField label={t('channels:override.note')} maxLength={500} value={note} onChange={setNote} />
        {rota.overrides.length > 0 && (
          <ul className="plain-list lines" aria-label={t('channels:override.list')}>
            {rota.overrides.map((one) => (
              <li key={one.id} className="row">
                <span className="grow">
                  {absoluteText(one.from).slice(0, 16)} – {absoluteText(one.to).slice(0, 16)}{' '}
                  {one.contacts.length === 0
                    ? t('channels:rota.nobody')
                    : one.contacts.map(nameOf).join(', ')}
                  {one.note === '' ? '' : ` · ${one.note}`}
                </span>
                <Button
                  kind="quiet"
                  disabled={busy}
                  onClick={() => void keep(rota.overrides.filter(({ id }) => id !== one.id))}
                >
                  {t('common:action.remove')}
                </Button>
              </li>
            ))}
          </ul>
        )}
        <SaveFoot error={error} canSave={from < to && !busy} onClose={onClose} />
      </form>
    </Overlay>
  );
}
