import { SelectField } from '../../../components/select-field.tsx';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { type MaintenanceChoice, maintenanceChoices } from './maintenance-choices.ts';

/** The entries of the maintenance calendar; null until they are known. */
export function useMaintenanceChoices(): readonly MaintenanceChoice[] | null {
  const request = useRequest('notify.maintenance.list', {});
  useEvent('notify.changed', request.reload);
  return request.data === null ? null : maintenanceChoices(request.data.maintenances);
}

/** Chooses the entry of the maintenance calendar that covers a host or component. What is set stays, known or not. */
export function MaintenanceField({
  value,
  onChange,
}: {
  /** Id of the entry, or ''. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const choices = useMaintenanceChoices();
  const isMissing = value !== '' && !choices?.some(({ id }) => id === value);
  return (
    <SelectField
      label={t('inventory:maintenance')}
      hint={t('inventory:maintenanceHint')}
      error={isMissing && choices !== null ? t('inventory:maintenanceMissing', { id: value }) : null}
      name="maintenance"
      value={value}
      options={[
        ['', t('inventory:maintenanceNone')],
        ...(isMissing ? [[value, value] as const] : []),
        ...(choices ?? []).map(
          ({ id, name, state, at }) =>
            [id, `${name} · ${t(`inventory:maintenanceState.${state}`, { at })}`] as const,
        ),
      ]}
      onChange={onChange}
    />
  );
}
