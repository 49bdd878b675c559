import { useState } from 'react';
import {
  type Dependence,
  dependenceSchema,
  type InventoryLink,
  type NodeRef,
  type TopologyNode,
} from '#shared/contract/inventory.ts';
import { Field } from '../../../components/field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { keyOf } from '../topology/layout.ts';
import { EntryForm } from './entry-form.tsx';

const dependences = dependenceSchema.options;

/** A link between two nodes: what joins them, and whether one is reached over the other. */
export function LinkForm({
  link,
  from: own,
  nodes,
  onClose,
}: {
  readonly link: InventoryLink | null;
  readonly from: NodeRef;
  readonly nodes: readonly TopologyNode[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [from, setFrom] = useState(keyOf(link?.from ?? own));
  const [to, setTo] = useState(link ? keyOf(link.to) : '');
  const [protocol, setProtocol] = useState(link?.protocol ?? '');
  const [dependsOn, setDependsOn] = useState<Dependence>(link?.dependsOn ?? 'network');
  const nodeOf = (key: string): NodeRef | undefined => nodes.find(({ node }) => keyOf(node) === key)?.node;
  const sorted = nodes.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const end = (label: string, value: string, change: (key: string) => void) => (
    <SelectField
      label={label}
      value={value}
      options={[['', ''], ...sorted.map(({ node, name }) => [keyOf(node), name] as const)]}
      onChange={change}
    />
  );
  const ends = { from: nodeOf(from), to: nodeOf(to) };
  return (
    <EntryForm
      title={t('inventory:addLink')}
      disabled={!ends.from || !ends.to}
      onClose={onClose}
      save={() =>
        call('inventory.link.put', {
          link: {
            ...(link ? { id: link.id, note: link.note } : {}),
            from: ends.from ?? own,
            to: ends.to ?? own,
            protocol,
            dependsOn,
          },
          version: link?.version ?? 0,
        })
      }
    >
      {end(t('inventory:linkFrom'), from, setFrom)}
      <SelectField
        label={t('inventory:dependence')}
        hint={t(`inventory:dependsHint.${dependsOn}`)}
        name="dependsOn"
        value={dependsOn}
        options={dependences.map((one) => [one, t(`inventory:depends.${one}`)])}
        onChange={setDependsOn}
      />
      {end(t('inventory:linkTo'), to, setTo)}
      <Field label={t('inventory:protocol')} hint={t('inventory:protocolHint')}>
        {(props) => (
          <input
            {...props}
            className="input"
            name="protocol"
            value={protocol}
            onChange={(event) => setProtocol(event.target.value)}
          />
        )}
      </Field>
    </EntryForm>
  );
}
