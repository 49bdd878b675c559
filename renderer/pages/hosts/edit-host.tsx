import { useState } from 'react';
import { type Host, type Tier, tierSchema } from '#shared/contract/hosts.ts';
import { Button } from '../../components/button.tsx';
import { Overlay } from '../../components/drawer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { useCall } from '../../components/use-request.ts';
import { useSaving } from '../../components/use-saving.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { parseLabels } from '../../wizards/add-host/steps.ts';

const TIERS: readonly Tier[] = tierSchema.options.filter((tier) => tier !== 'workstation');

/** Changes what a person said of a host: name, address, tier and labels. Its targets stay. */
export function EditHost({ host, onClose }: { readonly host: Host; readonly onClose: () => void }) {
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
  const line = (label: string, value: string, set: (value: string) => void) => (
    <Field label={label}>
      {(field) => (
        <input
          {...field}
          className="input"
          spellCheck={false}
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
        {line(t('hosts:column.address'), address, setAddress)}
        <Field label={t('hosts:column.tier')}>
          {(field) => (
            <select
              {...field}
              className="input"
              value={tier}
              onChange={(event) => setTier(TIERS.find((one) => one === event.target.value) ?? host.tier)}
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
              rows={3}
              spellCheck={false}
              value={labels}
              onChange={(event) => setLabels(event.target.value)}
            />
          )}
        </Field>
        {saving.error && <ErrorNotice error={saving.error} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={!isReady || saving.busy}>
            {t('common:action.save')}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
