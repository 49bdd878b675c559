import { useState } from 'react';
import type { Contact, Rota, Shift } from '#shared/contract/contacts.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { SaveFoot } from '../../../components/save-foot.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ShiftFields } from './shift-fields.tsx';

export type RotaDialogProps = {
  /** Null: a new one. */
  readonly rota: Rota | null;
  readonly people: readonly Contact[];
  readonly onClose: () => void;
  readonly onDone: () => void;
};

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** The Monday before, as a first day of turns. */
function lastMonday(): string {
  const today = new Date();
  const back = (today.getDay() + 6) % 7;
  const monday = new Date(Date.UTC(today.getFullYear(), today.getMonth(), today.getDate() - back));
  return monday.toISOString().slice(0, 10);
}

/** Writes one rota: its shifts, and who takes turns in each. */
export function RotaDialog({ rota, people, onClose, onDone }: RotaDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const shift = (name: string, from: string, to: string): Shift => ({
    ...{ name, from, to, weekdays: EVERY_DAY, turnDays: 7, turnStart: lastMonday() },
    teams: people.map(({ id }) => [id]),
  });
  const [draft, setDraft] = useState<Omit<Rota, 'id'>>(
    () =>
      rota ?? {
        name: '',
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        shifts: [
          shift(t('channels:rota.day'), '08:00', '20:00'),
          shift(t('channels:rota.night'), '20:00', '08:00'),
        ],
        overrides: [],
        gapsMeant: false,
      },
  );
  const { busy, error, run } = useSaving(onDone);
  const ready = draft.name.trim() !== '' && draft.shifts.every(({ teams }) => teams.length > 0) && !busy;
  const save = (): Promise<void> =>
    run(rota === null ? call('shifts.add', draft) : call('shifts.update', { ...draft, id: rota.id }));
  const text = (key: 'name' | 'timeZone', hint?: string) => (
    <TextField
      label={t(`channels:rota.${key}`)}
      hint={hint}
      name={key}
      autoFocus={key === 'name'}
      maxLength={80}
      value={draft[key]}
      onChange={(value) => setDraft({ ...draft, [key]: value })}
    />
  );
  return (
    <Overlay
      kind="drawer"
      title={t(rota === null ? 'channels:rota.new' : 'channels:rota.change')}
      onClose={onClose}
    >
      <form
        className="fields"
        data-testid="rota-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void save();
        }}
      >
        {text('name')}
        {text('timeZone', t('channels:rota.timeZoneHint'))}
        {draft.shifts.map((one, index) => (
          <ShiftFields
            // Shifts have no ids, and their order is their identity while they are edited.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above.
            key={index}
            shift={one}
            people={people}
            onChange={(next) =>
              setDraft({ ...draft, shifts: draft.shifts.map((old, at) => (at === index ? next : old)) })
            }
            onRemove={
              draft.shifts.length === 1
                ? null
                : () => setDraft({ ...draft, shifts: draft.shifts.filter((_, at) => at !== index) })
            }
          />
        ))}
        <div className="row">
          <Button
            onClick={() =>
              setDraft({
                ...draft,
                shifts: [...draft.shifts, shift(t('channels:rota.shift'), '08:00', '08:00')],
              })
            }
          >
            {t('channels:rota.addShift')}
          </Button>
        </div>
        <label className="row">
          <input
            type="checkbox"
            checked={draft.gapsMeant}
            onChange={(event) => setDraft({ ...draft, gapsMeant: event.target.checked })}
          />
          {t('channels:rota.gapsMeant')}
        </label>
        <SaveFoot error={error} canSave={ready} onClose={onClose}>
          {rota !== null && (
            <Button
              kind="danger"
              disabled={busy}
              onClick={() => void run(call('shifts.remove', { id: rota.id }))}
            >
              {t('common:action.remove')}
            </Button>
          )}
        </SaveFoot>
      </form>
    </Overlay>
  );
}
