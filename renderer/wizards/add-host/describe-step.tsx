import { Field } from '../../components/field.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import type { DraftStepProps } from './address-step.tsx';
import { TierLabelsFields } from './tier-labels-fields.tsx';

/** What the host is called, the tier it belongs to, and its labels. */
export function DescribeStep({ draft, edit }: DraftStepProps) {
  const { t } = useTranslation();
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
      <TierLabelsFields
        tier={draft.tier}
        labels={draft.labels}
        onTier={(tier) => edit({ tier })}
        onLabels={(labels) => edit({ labels })}
      />
    </div>
  );
}
