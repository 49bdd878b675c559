import type { RunWindow } from '#shared/contract/backup-schedule.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { StepForm } from '../step-form.tsx';
import type { StepViewProps } from './backup-plan-wizard.tsx';
import { limitsText, weekdayName } from './plan-text.ts';

const MIB = 1024 * 1024;
const nights: RunWindow = { days: [0, 1, 2, 3, 4, 5, 6], from: '22:00', to: '06:00' };

/** How fast a run may be, and when scheduled ones may work. */
export function LimitsStep({ draft, change, onNext }: StepViewProps) {
  const { t } = useTranslation();
  const text = useText();
  const { limits } = draft;
  const setWindows = (windows: RunWindow[]): void =>
    change((old) => ({ ...old, limits: { ...old.limits, windows } }));
  return (
    <StepForm onNext={onNext}>
      <Field label={t('plans:limits.rate')} hint={t('plans:limits.rateHint')}>
        {(field) => (
          <input
            {...field}
            className="input figure"
            type="number"
            min={0.01}
            step="any"
            value={limits.bytesPerSecond === null ? '' : Number((limits.bytesPerSecond / MIB).toFixed(2))}
            onChange={(event) => {
              const rate = Math.round(Number(event.target.value) * MIB);
              const bytesPerSecond = rate > 0 ? Math.max(1024, rate) : null;
              change((old) => ({ ...old, limits: { ...old.limits, bytesPerSecond } }));
            }}
          />
        )}
      </Field>
      <h3>{t('plans:limits.windows')}</h3>
      <span className="soft small">{t('plans:limits.windowsHint')}</span>
      {limits.windows.map((window, index) => (
        <OneWindow
          // biome-ignore lint/suspicious/noArrayIndexKey: a window is known by its place; its settings change.
          key={index}
          number={index + 1}
          window={window}
          set={(next) => setWindows(limits.windows.map((old, at) => (at === index ? next : old)))}
          remove={() => setWindows(limits.windows.filter((_, at) => at !== index))}
        />
      ))}
      <div className="row">
        <Button onClick={() => setWindows([...limits.windows, nights])}>{t('plans:limits.add')}</Button>
      </div>
      <strong role="status">{limitsText(t, text, limits)}</strong>
    </StepForm>
  );
}

type OneWindowProps = {
  readonly number: number;
  readonly window: RunWindow;
  readonly set: (window: RunWindow) => void;
  readonly remove: () => void;
};

function OneWindow({ number, window, set, remove }: OneWindowProps) {
  const { t } = useTranslation();
  const toggle = (day: number): void =>
    set({
      ...window,
      days: window.days.includes(day)
        ? window.days.filter((old) => old !== day)
        : [...window.days, day].sort(),
    });
  return (
    <fieldset className="schedule-card">
      <legend>{t('plans:limits.window', { number })}</legend>
      <div className="row">
        {[1, 2, 3, 4, 5, 6, 0].map((day) => (
          <label key={day} className="choice">
            <input type="checkbox" checked={window.days.includes(day)} onChange={() => toggle(day)} />
            {t('backups:wizard.weekdayOf', { weekday: weekdayName(t, day) })}
          </label>
        ))}
        <span className="spacer" />
        <Button kind="quiet" aria-label={t('plans:limits.remove', { number })} onClick={remove}>
          {t('common:action.remove')}
        </Button>
      </div>
      <div className="field-row">
        <TimeText
          label={t('plans:limits.from')}
          value={window.from}
          set={(from) => set({ ...window, from })}
        />
        <TimeText label={t('plans:limits.to')} value={window.to} set={(to) => set({ ...window, to })} />
      </div>
    </fieldset>
  );
}

/** A time of day in quarters of an hour, the end of the day too; another time that stands there stays. */
function TimeText({
  label,
  value,
  set,
}: {
  readonly label: string;
  readonly value: string;
  readonly set: (time: string) => void;
}) {
  const quarters = Array.from(
    { length: 97 },
    (_, index) =>
      `${String(Math.floor(index / 4)).padStart(2, '0')}:${String((index % 4) * 15).padStart(2, '0')}`,
  );
  const offered = quarters.includes(value) ? quarters : [...quarters, value].sort();
  return (
    <Field label={label}>
      {(field) => (
        <select
          {...field}
          className="input figure"
          value={value}
          onChange={(event) => set(event.target.value)}
        >
          {offered.map((time) => (
            <option key={time}>{time}</option>
          ))}
        </select>
      )}
    </Field>
  );
}
