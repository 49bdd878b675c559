import type { EscalationStep } from '#shared/contract/notify-config.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { durationText } from '../../../components/time.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const MINUTE = 60_000;
const TIMES = [5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE];

export type EscalationFieldsProps = {
  /** Null: as the route above. */
  readonly steps: readonly EscalationStep[] | null;
  readonly receivers: readonly string[];
  /** Whether there is a route above. */
  readonly inherits: boolean;
  readonly onChange: (steps: readonly EscalationStep[] | null) => void;
};

/** Who is told when nobody acknowledges, step after step. */
export function EscalationFields({ steps, receivers, inherits, onChange }: EscalationFieldsProps) {
  const { t } = useTranslation();
  const own = steps ?? [];
  const set = (index: number, part: Partial<EscalationStep>): void =>
    onChange(own.map((step, at) => (at === index ? { ...step, ...part } : step)));
  const add = (): void => {
    const last = own.at(-1)?.afterMs ?? 0;
    const afterMs = TIMES.find((ms) => ms > last) ?? last + 60 * MINUTE;
    onChange([...own, { afterMs, receiver: receivers.at(-1) ?? '' }]);
  };
  return (
    <fieldset className="matchers">
      <legend>{t('alerts:routes.escalation')}</legend>
      {inherits && (
        <label className="row">
          <input
            type="checkbox"
            checked={steps === null}
            onChange={(event) => onChange(event.target.checked ? null : [])}
          />
          {t('alerts:routes.asAbove')}
        </label>
      )}
      {own.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no identity but their place.
        <div key={index} className="row">
          <select
            className="input"
            aria-label={t('alerts:routes.escalateAfter')}
            value={step.afterMs}
            onChange={(event) => set(index, { afterMs: Number(event.target.value) })}
          >
            {[...new Set([...TIMES, step.afterMs])]
              .sort((a, b) => a - b)
              .map((ms) => (
                <option key={ms} value={ms}>
                  {t('alerts:routes.unacknowledged', { time: durationText(t, ms) })}
                </option>
              ))}
          </select>
          <span aria-hidden="true">→</span>
          <select
            className="input"
            aria-label={t('alerts:routes.receiver')}
            value={step.receiver}
            onChange={(event) => set(index, { receiver: event.target.value })}
          >
            {receivers.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
          <Button
            kind="quiet"
            aria-label={t('alerts:routes.removeStep', { n: index + 1 })}
            onClick={() => onChange(own.filter((_, at) => at !== index))}
          >
            <Icon name="close" size={12} />
          </Button>
        </div>
      ))}
      {steps !== null && <Button onClick={add}>{t('alerts:routes.addStep')}</Button>}
    </fieldset>
  );
}
