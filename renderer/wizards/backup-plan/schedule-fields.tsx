import { CountField } from '../../components/count-field.tsx';
import { Field } from '../../components/field.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { weekdayName } from './plan-text.ts';
import type { ScheduleChoice } from './schedule.ts';

/** What the fields of a schedule are given. */
type ScheduleFieldsProps = {
  readonly schedule: ScheduleChoice;
  readonly set: (schedule: ScheduleChoice) => void;
};

/** The day, the time or the expression of a schedule. */
export function ScheduleFields({ schedule, set }: ScheduleFieldsProps) {
  const { t } = useTranslation();
  switch (schedule.kind) {
    case 'hourly':
      return (
        <CountField
          label={t('backups:wizard.minute')}
          min={0}
          max={59}
          value={schedule.minute}
          onChange={(minute) => set({ ...schedule, minute })}
        />
      );
    case 'daily':
    case 'weekly':
      return (
        <>
          {schedule.kind === 'weekly' && (
            <SelectField
              label={t('backups:wizard.weekday')}
              value={schedule.weekday}
              options={[1, 2, 3, 4, 5, 6, 0].map((weekday) => [
                weekday,
                t('backups:wizard.weekdayOf', { weekday: weekdayName(t, weekday) }),
              ])}
              onChange={(weekday) => set({ ...schedule, weekday })}
            />
          )}
          <TimeField schedule={schedule} set={set} />
        </>
      );
    case 'cron':
      return (
        <TextField
          label={t('backups:wizard.cron')}
          mono
          maxLength={200}
          value={schedule.expression}
          onChange={(value) => set({ ...schedule, expression: value })}
        />
      );
  }
}

/** A time of day on the 24-hour clock; the browser's own field would speak the system's language. */
function TimeField({
  schedule,
  set,
}: {
  readonly schedule: TimedChoice;
  readonly set: (next: TimedChoice) => void;
}) {
  const { t } = useTranslation();
  return (
    <Field label={t('backups:wizard.time')}>
      {(field) => (
        <div className="row figure">
          <select
            {...field}
            className="input"
            value={schedule.hour}
            onChange={(event) => set({ ...schedule, hour: Number(event.target.value) })}
          >
            {numbers(24).map((hour) => (
              <option key={hour} value={hour}>
                {String(hour).padStart(2, '0')}
              </option>
            ))}
          </select>
          :
          <select
            className="input"
            aria-label={t('backups:wizard.minute')}
            value={schedule.minute}
            onChange={(event) => set({ ...schedule, minute: Number(event.target.value) })}
          >
            {numbers(60).map((minute) => (
              <option key={minute} value={minute}>
                {String(minute).padStart(2, '0')}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  );
}

/** A choice with a time of day. */
type TimedChoice = Extract<ScheduleChoice, { hour: number }>;

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
