import { CheckField } from '../../../components/check-field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { onHost, type PolicyDraft } from './policy-draft.ts';

export type HostFieldsProps = {
  readonly draft: PolicyDraft;
  readonly onChange: (change: Partial<PolicyDraft>) => void;
};

/** Whose files they are: this workstation's, or those of a host that is reached over SSH. */
export function HostFields({ draft, onChange }: HostFieldsProps) {
  const { t } = useTranslation();
  const logins = useRequest('ssh.logins.list', {}).data?.logins ?? [];
  const { host } = draft;
  if (logins.length === 0 && host === null) return null;
  const isGone = host !== null && logins.every(({ id }) => id !== host.login);
  return (
    <>
      <SelectField
        label={t('rotation:form.host')}
        {...(host === null ? {} : { hint: t('rotation:form.hostHint') })}
        value={host?.login ?? ''}
        options={[
          ['', t('rotation:form.hostHere')],
          ...(isGone ? [[host.login, t('rotation:form.hostGone')] as const] : []),
          ...logins.map(({ id, name, user, host: at }) => [id, `${name} (${user}@${at})`] as const),
        ]}
        onChange={(login) => onChange(onHost(draft, login === '' ? null : login))}
      />
      {host !== null && (
        <CheckField
          label={t('rotation:form.sudo')}
          value={host.sudo}
          onChange={(sudo) => onChange({ host: { ...host, sudo } })}
        />
      )}
    </>
  );
}
