import { Field } from '../../../components/field.tsx';
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
  const choose = (text: string): void => {
    const chosen = KINDS.find((known) => known === text) ?? 'once';
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
        <Field label={t('alerts:maintenance.repeat')}>
          {(field) => (
            <select
              {...field}
              className="input"
              value={kind}
              onChange={(event) => choose(event.target.value)}
            >
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {t(`alerts:maintenance.kind.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
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
        <Field label={t('alerts:maintenance.week')}>
          {(field) => (
            <select
              {...field}
              className="input"
              value={recurrence.week}
              onChange={(event) => repeat({ week: Number(event.target.value) })}
            >
              {[1, 2, 3, 4].map((week) => (
                <option key={week} value={week}>
                  {t('alerts:maintenance.nth', { n: week })}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {isWeekly && (
        <Field label={t('alerts:maintenance.weekday')}>
          {(field) => (
            <select
              {...field}
              className="input"
              value={recurrence.weekday}
              onChange={(event) => repeat({ weekday: Number(event.target.value) })}
            >
              {WEEKDAYS.map((name, weekday) => (
                <option key={name} value={weekday}>
                  {t(`alerts:calendar.weekday.${name}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
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
      <Field label={t('alerts:maintenance.length')}>
        {(field) => (
          <select
            {...field}
            className="input"
            value={draft.durationMs}
            onChange={(event) => onChange({ durationMs: Number(event.target.value) })}
          >
            {[...new Set([...LENGTHS, draft.durationMs])]
              .sort((a, b) => a - b)
              .map((ms) => (
                <option key={ms} value={ms}>
                  {durationText(t, ms)}
                </option>
              ))}
          </select>
        )}
      </Field>
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
