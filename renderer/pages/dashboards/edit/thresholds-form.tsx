import type { DashboardColor, Thresholds } from '#shared/domain/dashboard/field.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { tintOf } from '../../../panels/tint.ts';
import { TintMark } from '../../../panels/tint-mark.tsx';
import { usePreferences } from '../../../stores/preferences.ts';
import { NumberField } from './field-inputs.tsx';

export type ThresholdsFormProps = {
  readonly thresholds: Thresholds;
  readonly onChange: (thresholds: Thresholds) => void;
};

/** Colours that are offered; those of an imported dashboard stay. */
const OFFERED = ['ok', 'warning', 'critical', 'unknown', 'accent', 'neutral'] as const;

/** The steps in rising order; the first holds from below everything. */
function ordered(steps: Thresholds['steps']): Thresholds['steps'] {
  return steps.toSorted(
    (a, b) => (a.from ?? Number.NEGATIVE_INFINITY) - (b.from ?? Number.NEGATIVE_INFINITY),
  );
}

/** From which value on which state holds. */
export function ThresholdsForm({ thresholds, onChange }: ThresholdsFormProps) {
  const { t } = useTranslation();
  const palette = usePreferences((state) => state.palette);
  const { steps } = thresholds;
  const put = (at: number, change: Partial<Thresholds['steps'][number]>): void =>
    onChange({
      ...thresholds,
      steps: ordered(steps.map((step, index) => (index === at ? { ...step, ...change } : step))),
    });
  const add = (): void => {
    const last = steps.at(-1);
    const grown: Thresholds['steps'] =
      last === undefined
        ? [
            { from: null, color: 'ok' },
            { from: 80, color: 'warning' },
          ]
        : [...steps, { from: (last.from ?? 0) + 10, color: 'critical' }];
    onChange({ ...thresholds, steps: grown });
  };
  return (
    <section className="panel fields">
      <h3>{t('dashboards:threshold.title')}</h3>
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its place.
        <div key={at} className="row threshold">
          <TintMark tint={tintOf(step.color, palette)} size={14} silent />
          {step.from === null ? (
            <span className="threshold-base">{t('dashboards:threshold.base')}</span>
          ) : (
            <NumberField
              label={t('dashboards:threshold.from')}
              value={step.from}
              nullable={false}
              onChange={(from) => put(at, { from: from ?? 0 })}
            />
          )}
          <SelectField
            label={t('dashboards:threshold.state')}
            value={step.color}
            options={[...new Set<DashboardColor>([...OFFERED, step.color])].map((value) => [
              value,
              isOffered(value) ? t(`dashboards:color.${value}`) : value,
            ])}
            onChange={(color) => put(at, { color })}
          />
          <Button
            kind="quiet"
            className="icon-btn"
            aria-label={t('dashboards:threshold.remove')}
            onClick={() => onChange({ ...thresholds, steps: steps.filter((_, index) => index !== at) })}
          >
            <Icon name="close" size={14} />
          </Button>
        </div>
      ))}
      <div>
        <Button kind="quiet" onClick={add}>
          + {t('dashboards:threshold.add')}
        </Button>
      </div>
    </section>
  );
}

function isOffered(color: DashboardColor): color is (typeof OFFERED)[number] {
  return OFFERED.some((offered) => offered === color);
}
