import { type Tier, tierSchema } from '#shared/contract/hosts.ts';
import { Field } from '../../components/field.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import type { DraftStepProps } from './address-step.tsx';
import { parseLabels } from './steps.ts';

const tiers: readonly Tier[] = tierSchema.options.filter((tier) => tier !== 'workstation');

/** What the host is called, the tier it belongs to, and its labels. */
export function DescribeStep({ draft, edit }: DraftStepProps) {
  const { t } = useTranslation();
  const labels = parseLabels(draft.labels);
  return (
    <div className="fields">
      <Field label={t('hosts:wizard.nameField')}>
        {(props) => (
          <input
            {...props}
            className="input"
            name="name"
            value={draft.name}
            placeholder={draft.host}
            onChange={(event) => edit({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('hosts:wizard.tierField')}>
        {(props) => (
          <select
            {...props}
            className="input"
            name="tier"
            value={draft.tier}
            onChange={(event) => edit({ tier: tiers.find((tier) => tier === event.target.value) ?? 'other' })}
          >
            {tiers.map((tier) => (
              <option key={tier} value={tier}>
                {t(`common:tier.${tier}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label={t('hosts:wizard.labelsField')}
        hint={t('hosts:wizard.labelsHint')}
        error={labels.ok ? null : t('hosts:wizard.labelsBad', { line: labels.line })}
      >
        {(props) => (
          <textarea
            {...props}
            className="input mono"
            name="labels"
            rows={3}
            value={draft.labels}
            onChange={(event) => edit({ labels: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
