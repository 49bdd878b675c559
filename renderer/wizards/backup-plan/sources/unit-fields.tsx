import type { Offline } from '#shared/contract/backup-sources.ts';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { systemdCommands, systemdUnit } from './draft.ts';

export type UnitFieldsProps = {
  readonly offline: Offline;
  readonly set: (next: Partial<Offline>) => void;
};

/** A unit of systemd by its name: of this workstation, or of a host that the console logs in to. */
export function UnitFields({ offline, set }: UnitFieldsProps) {
  const { t } = useTranslation();
  const logins = useRequest('ssh.logins.list', {}).data?.logins ?? [];
  const { host } = offline;
  const unit = host?.unit ?? systemdUnit(offline);
  const put = (login: string, name: string): void => {
    const commands = systemdCommands(name);
    const called = logins.find(({ id }) => id === login)?.name;
    if (called === undefined) set({ ...commands, host: null });
    else
      set({
        stop: `${called}: ${commands.stop}`,
        start: `${called}: ${commands.start}`,
        check: commands.check === null ? null : `${called}: ${commands.check}`,
        host: { login, unit: name.replace(/[^\w@.:\\-]/g, '') },
      });
  };
  return (
    <>
      {(logins.length > 0 || host !== null) && (
        <SelectField
          label={t('sources:offline.where')}
          hint={t('sources:offline.whereHint')}
          value={host?.login ?? ''}
          options={[
            ['', t('sources:offline.here')],
            ...logins.map(
              ({ id, name, user, host: address }) => [id, `${name} (${user}@${address})`] as const,
            ),
          ]}
          onChange={(login) => put(login, unit)}
        />
      )}
      <TextField
        mono
        label={t('sources:offline.preset')}
        hint={t('sources:offline.presetHint')}
        value={unit}
        maxLength={200}
        onChange={(name) => put(host?.login ?? '', name.trim())}
      />
    </>
  );
}
