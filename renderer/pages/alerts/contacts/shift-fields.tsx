import type { Contact, Shift } from '#shared/contract/contacts.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { Icon } from '../../../components/icon.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

export type ShiftFieldsProps = {
  readonly shift: Shift;
  readonly people: readonly Contact[];
  readonly onChange: (shift: Shift) => void;
  /** Null: the last one stays. */
  readonly onRemove: (() => void) | null;
};

const DAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] as const;

/** One shift: its hours, its days, and the order in which people take turns. Typed people who belong together stand in one line. */
export function ShiftFields({ shift, people, onChange, onRemove }: ShiftFieldsProps) {
  const { t } = useTranslation();
  const nameOf = (id: string): string => people.find((one) => one.id === id)?.name ?? t('channels:rota.gone');
  const short = (key: 'name' | 'from' | 'to' | 'turnStart', hint?: string) => (
    <Field label={t(`channels:shift.${key}`)} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <input
          {...field}
          className="input figure"
          maxLength={80}
          value={shift[key]}
          onChange={(event) => onChange({ ...shift, [key]: event.target.value })}
        />
      )}
    </Field>
  );
  const move = (from: number, to: number): void => {
    const teams = [...shift.teams];
    const [team] = teams.splice(from, 1);
    if (team !== undefined) teams.splice(to, 0, team);
    onChange({ ...shift, teams });
  };
  return (
    <fieldset className="stack-small" data-testid="shift">
      <legend>{shift.name}</legend>
      <div className="fields-row">
        {short('name')}
        {short('from')}
        {short('to', t('channels:shift.toHint'))}
      </div>
      <fieldset className="row">
        <legend className="small">{t('channels:shift.weekdays')}</legend>
        {DAYS.map((word, before) => ({ word, day: before + 1 })).map(({ word, day }) => (
          <label key={day} className="row">
            <input
              type="checkbox"
              checked={shift.weekdays.includes(day)}
              onChange={(event) =>
                onChange({
                  ...shift,
                  weekdays: event.target.checked
                    ? [...shift.weekdays, day].sort((a, b) => a - b)
                    : shift.weekdays.filter((one) => one !== day),
                })
              }
            />
            {t(`channels:shift.day.${word}`)}
          </label>
        ))}
      </fieldset>
      <div className="fields-row">
        <SelectField
          label={t('channels:shift.turnDays')}
          value={shift.turnDays}
          options={[...new Set([1, 2, 3, 7, 14, 28, shift.turnDays])]
            .sort((a, b) => a - b)
            .map((days) => [days, t('channels:shift.days', { count: days })])}
          onChange={(turnDays) => onChange({ ...shift, turnDays })}
        />
        {short('turnStart', t('channels:shift.turnStartHint'))}
      </div>
      <ol className="plain-list lines">
        {shift.teams.map((team, index) => {
          const names = team.map(nameOf).join(t('channels:rota.and'));
          return (
            <li key={team.join()} className="row" style={{ flexWrap: 'nowrap' }}>
              <span className="grow">{names}</span>
              <select
                className="input"
                aria-label={t('channels:shift.together', { name: names })}
                value=""
                onChange={(event) =>
                  onChange({
                    ...shift,
                    teams: shift.teams.map((one, at) => (at === index ? [...one, event.target.value] : one)),
                  })
                }
              >
                <option value="">+</option>
                {people
                  .filter(({ id }) => !team.includes(id))
                  .map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
              </select>
              <Button
                kind="quiet"
                disabled={index === 0}
                aria-label={t('channels:shift.up', { name: names })}
                onClick={() => move(index, index - 1)}
              >
                ↑
              </Button>
              <Button
                kind="quiet"
                aria-label={`${t('common:action.remove')} ${names}`}
                onClick={() => onChange({ ...shift, teams: shift.teams.filter((_, at) => at !== index) })}
              >
                <Icon name="close" size={12} />
              </Button>
            </li>
          );
        })}
      </ol>
      <div className="row">
        <select
          className="input"
          aria-label={t('channels:shift.add')}
          value=""
          onChange={(event) => onChange({ ...shift, teams: [...shift.teams, [event.target.value]] })}
        >
          <option value="">{t('channels:shift.add')}</option>
          {people
            .filter(({ id }) => !shift.teams.some((team) => team.length === 1 && team[0] === id))
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </select>
        <span className="spacer" />
        {onRemove !== null && (
          <Button kind="quiet" onClick={onRemove}>
            {t('channels:shift.remove')}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
