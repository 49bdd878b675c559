import { Field } from '../../components/field.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import type { DraftStepProps } from './address-step.tsx';
import type { AddressErrors } from './steps.ts';

/** The usual port and job of each way; they follow a change of the way only while nobody has typed others. */
const USUAL = {
  exporter: { port: '9100', job: 'node' },
  ssh: { port: '22', job: 'node' },
  tcp: { port: '80', job: 'tcp' },
} as const;
const WAYS = ['exporter', 'ssh', 'tcp'] as const;

/** How the host is watched, and, over SSH, by which login. */
export function WayFields({
  draft,
  edit,
  error,
}: DraftStepProps & { readonly error: AddressErrors['login'] }) {
  const { t } = useTranslation();
  const logins = useRequest('ssh.logins.list', {}, { enabled: draft.way === 'ssh' });
  const all = logins.data?.logins ?? [];
  const choose = (way: (typeof WAYS)[number]): void => {
    const before = USUAL[draft.way];
    edit({
      way,
      ...(draft.port === before.port ? { port: USUAL[way].port } : {}),
      ...(draft.job === before.job ? { job: USUAL[way].job } : {}),
    });
  };
  return (
    <>
      <SelectField
        label={t('hosts:wizard.way')}
        hint={t(`hosts:wizard.wayHint.${draft.way}`)}
        name="way"
        value={draft.way}
        options={WAYS.map((way) => [way, t(`hosts:wizard.ways.${way}`)])}
        onChange={choose}
      />
      {draft.way === 'ssh' && (
        <Field
          label={t('hosts:wizard.login')}
          error={error === null ? null : t('hosts:wizard.noLogin')}
          hint={t('hosts:wizard.loginHint')}
        >
          {(props) => (
            <span className="row">
              <select
                {...props}
                className="input"
                name="login"
                value={draft.login}
                onChange={(event) => {
                  const login = all.find(({ id }) => id === event.target.value);
                  edit({
                    login: event.target.value,
                    ...(login !== undefined && draft.host === ''
                      ? { host: login.host, port: String(login.port) }
                      : {}),
                  });
                }}
              >
                <option value="">{t('hosts:wizard.chooseLogin')}</option>
                {all.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
              <PageLink to="/hosts/ssh">{t('ssh:login.add')}</PageLink>
            </span>
          )}
        </Field>
      )}
    </>
  );
}
