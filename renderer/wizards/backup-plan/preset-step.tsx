import { useId } from 'react';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { StepForm } from '../step-form.tsx';
import type { StepViewProps } from './backup-plan-wizard.tsx';
import { objectiveText, retentionText, verifyText } from './plan-text.ts';
import { presets, withPreset } from './presets.ts';

/** What the data is for decides everything that follows, until somebody changes it. */
export function PresetStep({ draft, change, onNext }: StepViewProps) {
  const { t } = useTranslation();
  const text = useText();
  const group = useId();
  return (
    <StepForm onNext={onNext}>
      <fieldset className="choices">
        <legend>{t('plans:preset.title')}</legend>
        {(['core', 'logs'] as const).map((dataClass) => {
          const preset = presets[dataClass];
          return (
            <label key={dataClass} className="choice-card" data-preset={dataClass}>
              <input
                type="radio"
                name={group}
                checked={draft.dataClass === dataClass}
                onChange={() => change((old) => withPreset(old, dataClass))}
              />
              <span className="choice-body">
                <strong>{t(`plans:preset.${dataClass}`)}</strong>
                <span>{t(dataClass === 'core' ? 'plans:preset.coreBody' : 'plans:preset.logsBody')}</span>
                <span className="soft">
                  {t('plans:preset.takes', {
                    rpo: objectiveText(t, preset.rpoMs),
                    rto: objectiveText(t, preset.rtoMs),
                    retention: retentionText(t, text, preset.retention),
                    verify: verifyText(t, preset.verifyCoverDays),
                  })}
                </span>
              </span>
            </label>
          );
        })}
      </fieldset>
    </StepForm>
  );
}
