import { Field } from '../../../components/field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { absoluteText, durationText } from '../../../components/time.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { type MaintenanceDraft, scheduleOf } from './maintenance-draft.ts';
import { cronOf, type Recurrence, scheduleSentence } from './schedule-text.ts';
import { TimeField } from './time-field.tsx';

const HOUR = 3_600_000;
const LENGTHS = [HOUR / 2, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 24 * HOUR];
const KINDS = ['once', 'daily', 'weekly', 'monthly', 'cron'] as const;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const SHOWN = 4;

type Props = {
  readonly draft: MaintenanceDraft;
  readonly onChange: (part: Partial<MaintenanceDraft>) => void;
};

/** When it is: once, or again and again; with the next windows in sight. */
export function ScheduleFields({ draft, onChange }: Props) {
  const { t } = useTranslation();
  const kind = draft.kind === 'once' ? 'once' : draft.recurrence.kind;
  const repeat = (part: Partial<Recurrence>): void =>
    onChange({ recurrence: { ...draft.recurrence, ...part } });
  const choose = (chosen: (typeof KINDS)[number]): void => {
    if (chosen === 'once') {
      onChange({ kind: 'once' });
      return;
    }
    // A cron expression goes on from what was chosen before.
    const cron = cronOf(draft.recurrence) ?? draft.recurrence.cron;
    onChange({ kind: 'recurring', recurrence: { ...draft.recurrence, kind: chosen, cron } });
  };
  return (
    <>
      <div className="fields-row">
        <SelectField
          label={t('alerts:maintenance.repeat')}
          value={kind}
          options={KINDS.map((one) => [one, t(`alerts:maintenance.kind.${one}`)])}
          onChange={choose}
        />
        {kind === 'once' ? (
          <>
            <TimeField
              label={t('alerts:maintenance.start')}
              time={draft.startsAt}
              onChange={(startsAt) => onChange({ startsAt })}
            />
            <TimeField
              label={t('alerts:silence.end')}
              time={draft.endsAt}
              onChange={(endsAt) => onChange({ endsAt })}
            />
          </>
        ) : (
          <Recurring draft={draft} onChange={onChange} repeat={repeat} />
        )}
      </div>
      <NextWindows draft={draft} />
    </>
  );
}

function Recurring({
  draft,
  onChange,
  repeat,
}: Props & { readonly repeat: (part: Partial<Recurrence>) => void }) {
  const { t } = useTranslation();
  const { recurrence } = draft;
  const isWeekly = recurrence.kind === 'weekly' || recurrence.kind === 'monthly';
  return (
    <>
      {recurrence.kind === 'monthly' && (
        <SelectField
          label={t('alerts:maintenance.week')}
          value={recurrence.week}
          options={[1, 2, 3, 4].map((week) => [week, t('alerts:maintenance.nth', { n: week })])}
          onChange={(week) => repeat({ week })}
        />
      )}
      {isWeekly && (
        <SelectField
          label={t('alerts:maintenance.weekday')}
          value={recurrence.weekday}
          options={WEEKDAYS.map((name, weekday) => [weekday, t(`alerts:calendar.weekday.${name}`)])}
          onChange={(weekday) => repeat({ weekday })}
        />
      )}
      {recurrence.kind === 'cron' ? (
        <TextField
          label={t('alerts:maintenance.cron')}
          hint={t('alerts:maintenance.cronHint')}
          mono
          value={recurrence.cron}
          onChange={(value) => repeat({ cron: value })}
        />
      ) : (
        <Field
          label={t('alerts:maintenance.time')}
          error={cronOf(recurrence) === null ? t('common:customRange.bad') : null}
        >
          {(field) => (
            <input
              {...field}
              className="input figure"
              placeholder="02:00"
              value={recurrence.time}
              onChange={(event) => repeat({ time: event.target.value })}
            />
          )}
        </Field>
      )}
      <SelectField
        label={t('alerts:maintenance.length')}
        value={draft.durationMs}
        options={[...new Set([...LENGTHS, draft.durationMs])]
          .sort((a, b) => a - b)
          .map((ms) => [ms, durationText(t, ms)])}
        onChange={(durationMs) => onChange({ durationMs })}
      />
    </>
  );
}

/** The next windows of the schedule, as the engine computes them. */
function NextWindows({ draft }: Pick<Props, 'draft'>) {
  const { t } = useTranslation();
  const text = useText();
  const schedule = scheduleOf(draft);
  const enabled = schedule !== null && schedule.kind === 'recurring';
  const preview = useRequest(
    'notify.maintenance.preview',
    { schedule: schedule ?? { kind: 'once', startsAt: 0, endsAt: 1 } },
    { enabled },
  );
  if (!enabled) return null;
  return (
    <p className="soft" role="status">
      <strong>{scheduleSentence(t, schedule, text)}</strong>
      {preview.error ? (
        <span className="field-error"> {text(preview.error.message)}</span>
      ) : (
        preview.data && (
          <>
            {' · '}
            {t('alerts:maintenance.coming')}{' '}
            <span className="figure">
              {preview.data.spans
                .slice(0, SHOWN)
                .map(({ from }) => absoluteText(from).slice(0, 16))
                .join(', ')}
            </span>
          </>
        )
      )}
    </p>
  );
}
