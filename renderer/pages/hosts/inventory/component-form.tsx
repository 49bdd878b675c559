import { useState } from 'react';
import type { Target, Tier } from '#shared/contract/hosts.ts';
import type { Component } from '#shared/contract/inventory.ts';
import { Field } from '../../../components/field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DescribedFields, describedOf, draftOf } from './described-fields.tsx';
import { EntryForm } from './entry-form.tsx';

const NOTHING = {
  kind: 'other',
  owner: '',
  contact: '',
  classification: '',
  maintenance: null,
  note: '',
} as const;

/** A component of a host: what it is called, what it is, and which target says whether it lives. */
export function ComponentForm({
  component,
  hostId,
  tier,
  targets,
  onClose,
}: {
  readonly component: Component | null;
  readonly hostId: string;
  /** The tier of the host, which a new component has, too. */
  readonly tier: Tier;
  readonly targets: readonly Target[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [name, setName] = useState(component?.name ?? '');
  const [targetId, setTargetId] = useState(component?.targetId ?? '');
  const [draft, setDraft] = useState(() => draftOf(component ?? NOTHING));
  return (
    <EntryForm
      title={t(component ? 'inventory:editComponent' : 'inventory:addComponent')}
      disabled={name.trim() === ''}
      onClose={onClose}
      save={() =>
        call('inventory.component.put', {
          component: {
            ...(component ? { id: component.id } : {}),
            name,
            tier: component?.tier ?? (tier === 'workstation' ? 'other' : tier),
            hostId,
            address: component?.address ?? '',
            labels: component?.labels ?? {},
            targetId: targetId === '' ? null : targetId,
            ...describedOf(draft),
          },
          version: component?.version ?? 0,
        })
      }
    >
      <Field label={t('inventory:componentName')}>
        {(props) => (
          <input
            {...props}
            className="input"
            name="name"
            data-autofocus
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <SelectField
        label={t('inventory:componentTarget')}
        value={targetId}
        options={[['', t('inventory:asHost')], ...targets.map((target) => [target.id, target.url] as const)]}
        onChange={setTargetId}
      />
      <DescribedFields draft={draft} onChange={setDraft} />
    </EntryForm>
  );
}
