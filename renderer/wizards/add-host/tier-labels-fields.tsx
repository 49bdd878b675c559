import { type Tier, tierSchema } from '#shared/contract/hosts.ts';
import { SelectField } from '../../components/select-field.tsx';
import { TextAreaField } from '../../components/text-area-field.tsx';
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
      <SelectField
        label={t('hosts:wizard.tierField')}
        name="tier"
        value={tier}
        options={TIERS.map((one) => [one, t(`common:tier.${one}`)])}
        onChange={onTier}
      />
      <TextAreaField
        label={t('hosts:wizard.labelsField')}
        hint={t('hosts:wizard.labelsHint')}
        error={parsed.ok ? null : t('hosts:wizard.labelsBad', { line: parsed.line })}
        name="labels"
        rows={3}
        value={labels}
        onChange={onLabels}
      />
    </>
  );
}
