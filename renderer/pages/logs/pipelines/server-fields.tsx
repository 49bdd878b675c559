import type { LogOutputInput } from '#shared/contract/logs-pipelines.ts';
import { ListField } from '../../../components/list-field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

type Login = 'none' | 'basic' | 'apiKey' | 'bearer';

/** How a server is reached, as the form has it: texts, empty where nothing is given. */
export type ServerDraft = {
  readonly servers: readonly string[];
  readonly login: Login;
  readonly username: string;
  /** Empty keeps the one that is stored. */
  readonly secret: string;
  readonly caFile: string;
};

type Server = Pick<LogOutputInput, 'servers' | 'basicAuth' | 'apiKey' | 'bearerToken' | 'tls'>;

/** An empty form. */
export const noServer: ServerDraft = { servers: [], login: 'none', username: '', secret: '', caFile: '' };

/** The form of settings that exist; they come without their secrets. */
export function serverDraft(server: Server): ServerDraft {
  const login: Login =
    server.basicAuth !== undefined
      ? 'basic'
      : server.apiKey !== undefined
        ? 'apiKey'
        : server.bearerToken !== undefined
          ? 'bearer'
          : 'none';
  return {
    servers: server.servers,
    login,
    username: server.basicAuth?.username ?? '',
    secret: '',
    caFile: server.tls?.caFile ?? '',
  };
}

/** What the engine takes. A secret that was left empty is left out, which keeps the stored one. */
export function serverOf({ servers, login, username, secret, caFile }: ServerDraft): Server {
  return {
    servers: [...servers],
    ...(login === 'basic' ? { basicAuth: { username, ...(secret === '' ? {} : { password: secret }) } } : {}),
    ...(login === 'apiKey' && secret !== '' ? { apiKey: secret } : {}),
    ...(login === 'bearer' && secret !== '' ? { bearerToken: secret } : {}),
    ...(caFile.trim() === '' ? {} : { tls: { caFile: caFile.trim() } }),
  };
}

/** Whether every address can be one. */
export function areServers(servers: readonly string[]): boolean {
  return (
    servers.length > 0 &&
    servers.every((text) => /^https?:\/\/[^\s/@?#]+(\/[^\s?#]*)?$/i.test(text) && URL.canParse(text))
  );
}

export type ServerFieldsProps = {
  readonly draft: ServerDraft;
  /** Settings that exist keep their secret when none is typed. */
  readonly stored: boolean;
  readonly onChange: (draft: ServerDraft) => void;
};

/** Addresses, login and certificate of an Elasticsearch or OpenSearch server. */
export function ServerFields({ draft, stored, onChange }: ServerFieldsProps) {
  const { t } = useTranslation();
  const { servers, login } = draft;
  return (
    <>
      <ListField
        label={t('pipelines:server.addresses')}
        hint={t('pipelines:server.addressesHint')}
        error={servers.length > 0 && !areServers(servers) ? t('pipelines:server.bad') : null}
        placeholder="https://es-1.site:9200"
        value={servers}
        onChange={(servers) => onChange({ ...draft, servers })}
      />
      <div className="fields-row">
        <SelectField
          label={t('pipelines:server.login')}
          value={login}
          options={(['none', 'basic', 'apiKey', 'bearer'] as const).map((each) => [
            each,
            t(`pipelines:server.loginName.${each}`),
          ])}
          onChange={(login) => onChange({ ...draft, login, secret: '' })}
        />
        {login === 'basic' && (
          <TextField
            label={t('pipelines:server.username')}
            value={draft.username}
            onChange={(username) => onChange({ ...draft, username })}
          />
        )}
        {login !== 'none' && (
          <TextField
            type="password"
            autoComplete="off"
            label={t(`pipelines:server.secret.${login}`)}
            hint={stored ? t('pipelines:server.keeps') : undefined}
            value={draft.secret}
            onChange={(secret) => onChange({ ...draft, secret })}
          />
        )}
      </div>
      {servers.some((text) => /^https:/i.test(text)) && (
        <TextField
          mono
          label={t('pipelines:server.caFile')}
          hint={t('pipelines:server.caHint')}
          value={draft.caFile}
          onChange={(caFile) => onChange({ ...draft, caFile })}
        />
      )}
    </>
  );
}
