import { REMOTE_FOLDER } from '#shared/contract/backup-sources.ts';
import { Button } from '../../components/button.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import type { WhereChoice } from './choices.ts';

type HostChoice = Extract<WhereChoice, { kind: 'host' }>;

export type HostFieldsProps = {
  readonly plan: string | null;
  readonly where: HostChoice;
  readonly onChange: (where: HostChoice) => void;
};

/** Which host, through which login, and which folder there; for what was fetched from a host, one click back to where it was. */
export function HostFields({ plan, where, onChange }: HostFieldsProps) {
  const { t } = useTranslation();
  const logins = useRequest('ssh.logins.list', {}).data?.logins ?? [];
  const plans = useRequest('backup.plans.list', {}).data?.plans ?? [];
  const sources = plans
    .filter(({ name }) => name === plan)
    .flatMap(({ remotes }) => remotes)
    .filter(({ login }) => logins.some(({ id }) => id === login));
  return (
    <div className="stack-small">
      {logins.length === 0 && <span className="soft">{t('restore:host.noLogin')}</span>}
      <SelectField
        label={t('restore:host.login')}
        value={where.login}
        options={[
          ...(logins.every(({ id }) => id !== where.login) ? [[where.login, ''] as const] : []),
          ...logins.map(({ id, name, user, host }) => [id, `${name} (${user}@${host})`] as const),
        ]}
        onChange={(login) => onChange({ ...where, login, source: null })}
      />
      <TextField
        label={t('restore:host.dir')}
        hint={t('restore:host.dirHint')}
        mono
        placeholder="/tmp/restore"
        value={where.dir}
        onChange={(value) => onChange({ ...where, dir: value.trim(), source: null })}
      />
      {sources.map(({ name, login, paths }) => (
        <div key={name} className="row">
          <Button onClick={() => onChange({ kind: 'host', login, dir: '/', source: name })}>
            {t('restore:host.back', { name })}
          </Button>
          <span className="soft mono">{paths.join(', ')}</span>
        </div>
      ))}
      {where.source !== null && (
        <span role="status" data-testid="back-to-host">
          {t('restore:host.backChosen', { name: where.source, folder: `${REMOTE_FOLDER}/${where.source}` })}
        </span>
      )}
    </div>
  );
}
