import type { ReactNode } from 'react';
import type { DatabaseServer } from '#shared/contract/backup-sources.ts';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

type ServerFieldsProps<S extends DatabaseServer> = {
  readonly server: S;
  readonly set: (server: S) => void;
  /** Fields that stand above what is rarely needed. */
  readonly children?: ReactNode;
  /** Further fields that are rarely needed. */
  readonly more?: ReactNode;
};

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** How a database server is reached; what most sites leave empty is folded away. */
export function ServerFields<S extends DatabaseServer>({
  server,
  set,
  children,
  more,
}: ServerFieldsProps<S>) {
  const { t } = useTranslation();
  const isMariadb = server.kind === 'mariadb';
  return (
    <>
      <div className="field-row">
        <TextField
          mono
          label={t('sources:databases.host')}
          hint={t(isMariadb ? 'sources:databases.hostHintMariadb' : 'sources:databases.hostHint')}
          value={server.host ?? ''}
          maxLength={1024}
          onChange={(host) => set({ ...server, host: orNull(host) })}
        />
        <TextField
          mono
          label={t('sources:databases.user')}
          value={server.user ?? ''}
          maxLength={128}
          onChange={(user) => set({ ...server, user: orNull(user) })}
        />
      </div>
      {children}
      <details>
        <summary>{t('sources:databases.more')}</summary>
        <div className="stack-small">
          <TextField
            mono
            label={t('sources:databases.port')}
            value={server.port?.toString() ?? ''}
            maxLength={5}
            onChange={(text) => {
              const port = Number.parseInt(text, 10);
              set({ ...server, port: port >= 1 && port <= 65_535 ? port : null });
            }}
          />
          <TextField
            mono
            label={t('sources:databases.osUser')}
            hint={t('sources:databases.osUserHint')}
            value={server.osUser ?? ''}
            maxLength={64}
            onChange={(osUser) => set({ ...server, osUser: orNull(osUser) })}
          />
          <TextField
            mono
            label={t('sources:databases.passwordFile')}
            hint={t(
              isMariadb ? 'sources:databases.passwordFileMariadb' : 'sources:databases.passwordFilePostgres',
            )}
            value={server.passwordFile ?? ''}
            onChange={(passwordFile) => set({ ...server, passwordFile: orNull(passwordFile) })}
          />
          {more}
          <TextField
            mono
            label={t('sources:databases.toolsDir')}
            hint={t('sources:databases.toolsDirHint')}
            value={server.toolsDir ?? ''}
            onChange={(toolsDir) => set({ ...server, toolsDir: orNull(toolsDir) })}
          />
        </div>
      </details>
    </>
  );
}
