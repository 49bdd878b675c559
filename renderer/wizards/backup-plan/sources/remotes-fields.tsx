import type { RemoteSource } from '#shared/contract/backup-sources.ts';
import { Button } from '../../../components/button.tsx';
import { ListField } from '../../../components/list-field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { newRemote } from './draft.ts';
import type { SourcesFieldsProps } from './sources-fields.tsx';

/** Folders of hosts that are read over SSH: through which login, and which. */
export function RemotesFields({ value, change }: SourcesFieldsProps) {
  const { t } = useTranslation();
  const logins = useRequest('ssh.logins.list', {}).data?.logins ?? [];
  const { remotes } = value;
  const set = (next: RemoteSource[]): void => change((old) => ({ ...old, remotes: next }));
  const put = (at: number, part: Partial<RemoteSource>): void =>
    set(remotes.map((remote, index) => (index === at ? { ...remote, ...part } : remote)));
  return (
    <section className="stack-small" aria-label={t('sources:remotes.title')}>
      <h3>{t('sources:remotes.title')}</h3>
      <span className="soft small">{t('sources:remotes.hint')}</span>
      {remotes.map((remote, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a host is known by its place; its name is being typed.
        <fieldset key={index} className="schedule-card stack-small">
          <legend>{remote.name}</legend>
          <TextField
            mono
            label={t('sources:databases.name')}
            hint={t('sources:remotes.nameHint')}
            value={remote.name}
            maxLength={64}
            onChange={(name) => put(index, { name: name.trim() })}
          />
          <SelectField
            label={t('sources:remotes.login')}
            value={remote.login}
            options={[
              ...(logins.every(({ id }) => id !== remote.login)
                ? [[remote.login, t('sources:remotes.loginGone')] as const]
                : []),
              ...logins.map(({ id, name, user, host }) => [id, `${name} (${user}@${host})`] as const),
            ]}
            onChange={(login) => put(index, { login })}
          />
          <ListField
            label={t('sources:remotes.paths')}
            hint={t('sources:remotes.pathsHint')}
            value={remote.paths}
            onChange={(paths) => put(index, { paths })}
          />
          <div>
            <Button kind="quiet" onClick={() => set(remotes.filter((_, at) => at !== index))}>
              {t('sources:remotes.remove', { name: remote.name })}
            </Button>
          </div>
        </fieldset>
      ))}
      <div className="row">
        <Button
          disabled={logins.length === 0}
          onClick={() => {
            const [first] = logins;
            if (first) set([...remotes, newRemote(first, remotes)]);
          }}
        >
          {t('sources:remotes.add')}
        </Button>
        {logins.length === 0 && <span className="soft">{t('sources:remotes.noLogin')}</span>}
      </div>
    </section>
  );
}
