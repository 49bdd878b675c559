import { useState } from 'react';
import type { Host } from '#shared/contract/hosts.ts';
import { Overlay } from '../../components/drawer.tsx';
import { Field } from '../../components/field.tsx';
import { SaveFoot } from '../../components/save-foot.tsx';
import { useCall } from '../../components/use-request.ts';
import { useSaving } from '../../components/use-saving.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { parseLabels } from '../../wizards/add-host/steps.ts';
import { TierLabelsFields } from '../../wizards/add-host/tier-labels-fields.tsx';

type EditHostProps = {
  readonly host: Host;
  /** The file that lists its targets: its address is changed there. */
  readonly heldBy?: string | undefined;
  readonly onClose: () => void;
};

/** Changes what a person said of a host: name, address, tier and labels. Its targets stay. */
export function EditHost({ host, heldBy, onClose }: EditHostProps) {
  const { t } = useTranslation();
  const call = useCall();
  const saving = useSaving(onClose);
  const [name, setName] = useState(host.name);
  const [address, setAddress] = useState(host.address);
  const [tier, setTier] = useState(host.tier);
  const [labels, setLabels] = useState(
    Object.entries(host.labels)
      .map(([label, value]) => `${label}=${value}`)
      .join('\n'),
  );
  const parsed = parseLabels(labels);
  const isReady = parsed.ok && name.trim() !== '' && address.trim() !== '';
  const save = (): void => {
    if (!parsed.ok || saving.busy) return;
    const said = { name: name.trim(), address: address.trim(), tier, labels: { ...parsed.labels } };
    void saving.run(call('hosts.update', { id: host.id, ...said }));
  };
  const line = (label: string, value: string, set: (value: string) => void, heldBy?: string) => (
    <Field label={label} {...(heldBy === undefined ? {} : { hint: t('jobs:held', { file: heldBy }) })}>
      {(field) => (
        <input
          {...field}
          className="input"
          spellCheck={false}
          readOnly={heldBy !== undefined}
          value={value}
          onChange={(event) => set(event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <Overlay kind="dialog" title={`${t('hosts:host.edit')} ${host.name}`} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {line(t('hosts:column.name'), name, setName)}
        {line(t('hosts:column.address'), address, setAddress, heldBy)}
        <TierLabelsFields tier={tier} labels={labels} onTier={setTier} onLabels={setLabels} />
        <SaveFoot error={saving.error} canSave={isReady && !saving.busy} onClose={onClose} />
      </form>
    </Overlay>
  );
}
