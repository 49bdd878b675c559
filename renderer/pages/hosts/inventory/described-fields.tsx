import { type ComponentKind, componentKindSchema } from '#shared/contract/inventory.ts';
import { Field } from '../../../components/field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { MaintenanceField } from './maintenance-field.tsx';

/** What people know of a host or component, while it is edited. */
export type DescribedDraft = {
  readonly kind: ComponentKind;
  readonly owner: string;
  readonly contact: string;
  readonly classification: string;
  readonly maintenance: string;
  readonly note: string;
};

/** The draft of what is kept. */
export function draftOf(kept: {
  readonly kind: ComponentKind;
  readonly owner: string;
  readonly contact: string;
  readonly classification: string;
  readonly maintenance: string | null;
  readonly note: string;
}): DescribedDraft {
  const { kind, owner, contact, classification, note } = kept;
  return { kind, owner, contact, classification, note, maintenance: kept.maintenance ?? '' };
}

/** What is to be kept of a draft. */
export function describedOf(draft: DescribedDraft) {
  return { ...draft, maintenance: draft.maintenance === '' ? null : draft.maintenance };
}

const kinds = componentKindSchema.options;
const texts = ['owner', 'contact', 'classification'] as const;

/** The fields that hosts and components have in common. */
export function DescribedFields({
  draft,
  onChange,
}: {
  readonly draft: DescribedDraft;
  readonly onChange: (draft: DescribedDraft) => void;
}) {
  const { t } = useTranslation();
  const hints: Readonly<Record<(typeof texts)[number], string>> = {
    owner: '',
    contact: '',
    classification: t('inventory:classificationHint'),
  };
  return (
    <>
      <SelectField
        label={t('inventory:kindField')}
        value={draft.kind}
        options={kinds.map((kind) => [kind, t(`inventory:kind.${kind}`)])}
        onChange={(kind) => onChange({ ...draft, kind })}
      />
      {texts.map((name) => (
        <Field key={name} label={t(`inventory:${name}`)} hint={hints[name]}>
          {(props) => (
            <input
              {...props}
              className="input"
              name={name}
              value={draft[name]}
              onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <MaintenanceField
        value={draft.maintenance}
        onChange={(maintenance) => onChange({ ...draft, maintenance })}
      />
      <Field label={t('inventory:note')}>
        {(props) => (
          <textarea
            {...props}
            className="input"
            rows={3}
            value={draft.note}
            onChange={(event) => onChange({ ...draft, note: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
