import { backupTypeSchema } from '#shared/contract/backup.ts';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { Field } from '../field.tsx';
import { StepForm } from '../step-form.tsx';
import type { StepViewProps } from './backup-plan-wizard.tsx';
import { nextRuns, type ScheduleChoice, toCron } from './schedule.ts';
import { scheduleText, weekdayName } from './schedule-text.ts';

const kinds = ['hand', 'hourly', 'daily', 'weekly', 'cron'] as const;

/** The choice of another kind that keeps as much of the present one as it can. */
function ofKind(kind: ScheduleChoice['kind'], old: ScheduleChoice): ScheduleChoice {
  const hour = 'hour' in old ? old.hour : 1;
  const minute = 'minute' in old ? old.minute : 30;
  switch (kind) {
    case 'hand':
      return { kind };
    case 'hourly':
      return { kind, minute };
    case 'daily':
      return { kind, hour, minute };
    case 'weekly':
      return { kind, weekday: 'weekday' in old ? old.weekday : 0, hour, minute };
    case 'cron':
      return { kind, expression: toCron(old) ?? '30 1 * * *' };
  }
}

/** By hand, at a simple time, or by a cron expression; always with the sentence and the next three times. */
export function ScheduleStep({ draft, change, onNext }: StepViewProps) {
  const { t } = useTranslation();
  const { schedule } = draft;
  const set = (next: ScheduleChoice): void => change((old) => ({ ...old, schedule: next }));
  return (
    <StepForm onNext={onNext}>
      <Field label={t('backups:wizard.scheduleKind')} hint={t('backups:wizard.missed')}>
        {(field) => (
          <select
            {...field}
            className="input"
            value={schedule.kind}
            onChange={(event) => {
              const kind = kinds.find((known) => known === event.target.value);
              if (kind) set(ofKind(kind, schedule));
            }}
          >
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`backups:wizard.kind.${kind}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <ScheduleFields schedule={schedule} set={set} />
      {schedule.kind !== 'hand' && (
        <Field label={t('backups:wizard.scheduleType')} hint={t(`backups:typeBody.${draft.scheduleType}`)}>
          {(field) => (
            <select
              {...field}
              className="input"
              value={draft.scheduleType}
              onChange={(event) => {
                const type = backupTypeSchema.safeParse(event.target.value);
                if (type.success) change((old) => ({ ...old, scheduleType: type.data }));
              }}
            >
              {backupTypeSchema.options.map((type) => (
                <option key={type} value={type}>
                  {t(`backups:type.${type}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <NextRunsView schedule={schedule} />
    </StepForm>
  );
}

type ScheduleFieldsProps = {
  readonly schedule: ScheduleChoice;
  readonly set: (schedule: ScheduleChoice) => void;
};

function ScheduleFields({ schedule, set }: ScheduleFieldsProps) {
  const { t } = useTranslation();
  switch (schedule.kind) {
    case 'hand':
      return null;
    case 'hourly':
      return (
        <Field label={t('backups:wizard.minute')}>
          {(field) => (
            <input
              {...field}
              className="input"
              type="number"
              min={0}
              max={59}
              value={schedule.minute}
              onChange={(event) =>
                set({
                  ...schedule,
                  minute: Math.min(59, Math.max(0, Math.round(Number(event.target.value)))),
                })
              }
            />
          )}
        </Field>
      );
    case 'daily':
    case 'weekly':
      return (
        <>
          {schedule.kind === 'weekly' && (
            <Field label={t('backups:wizard.weekday')}>
              {(field) => (
                <select
                  {...field}
                  className="input"
                  value={schedule.weekday}
                  onChange={(event) => set({ ...schedule, weekday: Number(event.target.value) })}
                >
                  {[1, 2, 3, 4, 5, 6, 0].map((weekday) => (
                    <option key={weekday} value={weekday}>
                      {t('backups:wizard.weekdayOf', { weekday: weekdayName(t, weekday) })}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
          <TimeField schedule={schedule} set={set} />
        </>
      );
    case 'cron':
      return (
        <Field label={t('backups:wizard.cron')}>
          {(field) => (
            <input
              {...field}
              className="input mono"
              value={schedule.expression}
              maxLength={200}
              spellCheck={false}
              onChange={(event) => set({ ...schedule, expression: event.target.value })}
            />
          )}
        </Field>
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

/** The sentence, and what it means on the calendar. */
function NextRunsView({ schedule }: { readonly schedule: ScheduleChoice }) {
  const { t } = useTranslation();
  const expression = toCron(schedule);
  const runs = expression === null ? null : nextRuns(expression, Date.now(), 3);
  return (
    <div className="stack-small" role="status">
      <strong>{scheduleText(t, schedule)}</strong>
      {runs?.ok && runs.times.length > 0 && (
        <>
          <span className="soft">{t('backups:wizard.nextRuns')}</span>
          <ul className="file-names figure">
            {runs.times.map((time) => (
              <li key={time}>{absoluteText(time).slice(0, 16)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
