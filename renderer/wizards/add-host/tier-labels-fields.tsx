import { type Tier, tierSchema } from '#shared/contract/hosts.ts';
import { Field } from '../../components/field.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { parseLabels } from './steps.ts';

const TIERS: readonly Tier[] = tierSchema.options.filter((tier) => tier !== 'workstation');

type TierLabelsProps = {
  readonly tier: Tier;
  /** One `name=value` a line. */
  readonly labels: string;
  readonly onTier: (tier: Tier) => void;
  readonly onLabels: (labels: string) => void;
};

/** The tier that a host belongs to, and its labels. */
export function TierLabelsFields({ tier, labels, onTier, onLabels }: TierLabelsProps) {
  const { t } = useTranslation();
  const parsed = parseLabels(labels);
  return (
    <>
      <Field label={t('hosts:wizard.tierField')}>
        {(field) => (
          <select
            {...field}
            className="input"
            name="tier"
            value={tier}
            onChange={(event) => onTier(TIERS.find((one) => one === event.target.value) ?? tier)}
          >
            {TIERS.map((one) => (
              <option key={one} value={one}>
                {t(`common:tier.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label={t('hosts:wizard.labelsField')}
        hint={t('hosts:wizard.labelsHint')}
        error={parsed.ok ? null : t('hosts:wizard.labelsBad', { line: parsed.line })}
      >
        {(field) => (
          <textarea
            {...field}
            className="input mono"
            name="labels"
            rows={3}
            spellCheck={false}
            value={labels}
            onChange={(event) => onLabels(event.target.value)}
          />
        )}
      </Field>
    </>
  );
}
