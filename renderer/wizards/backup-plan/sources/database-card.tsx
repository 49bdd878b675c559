import type { DatabaseSource } from '#shared/contract/backup-sources.ts';
import { Button } from '../../../components/button.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { Field } from '../../field.tsx';
import { DatabaseTest } from './database-test.tsx';
import { databaseKinds, lines } from './draft.ts';
import { TextField } from './text-field.tsx';

type Server = Exclude<DatabaseSource, { kind: 'sqlite' }>;

type DatabaseCardProps = {
  readonly source: DatabaseSource;
  readonly set: (source: DatabaseSource) => void;
  readonly remove: () => void;
};

/** One database: where it is, how to log in, and a try. */
export function DatabaseCard({ source, set, remove }: DatabaseCardProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="schedule-card stack-small">
      <legend>{databaseKinds[source.kind]}</legend>
      <TextField
        label={t('sources:databases.name')}
        hint={t('sources:databases.nameHint')}
        value={source.name}
        maxLength={64}
        set={(name) => set({ ...source, name: name.trim() })}
      />
      {source.kind === 'sqlite' ? (
        <TextField
          label={t('sources:databases.file')}
          hint={t('sources:databases.fileHint')}
          value={source.file}
          placeholder="/srv/app/app.db"
          set={(file) => set({ ...source, file })}
        />
      ) : (
        <ServerFields source={source} set={set} />
      )}
      <DatabaseTest source={source}>
        <Button
          kind="quiet"
          aria-label={t('sources:databases.remove', { name: source.name })}
          onClick={remove}
        >
          {t('common:action.remove')}
        </Button>
      </DatabaseTest>
    </fieldset>
  );
}

function ServerFields({
  source,
  set,
}: {
  readonly source: Server;
  readonly set: (source: DatabaseSource) => void;
}) {
  const { t } = useTranslation();
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  return (
    <>
      <div className="field-row">
        <TextField
          label={t('sources:databases.host')}
          hint={t(
            source.kind === 'mariadb' ? 'sources:databases.hostHintMariadb' : 'sources:databases.hostHint',
          )}
          value={source.host ?? ''}
          maxLength={1024}
          set={(host) => set({ ...source, host: orNull(host) })}
        />
        <TextField
          label={t('sources:databases.user')}
          value={source.user ?? ''}
          maxLength={128}
          set={(user) => set({ ...source, user: orNull(user) })}
        />
      </div>
      {source.kind === 'postgresql' && (
        <Field label={t('sources:databases.method')}>
          {(field) => (
            <select
              {...field}
              className="input"
              value={source.method}
              onChange={(event) =>
                set({ ...source, method: event.target.value === 'base' ? 'base' : 'dump' })
              }
            >
              <option value="dump">{t('sources:databases.dump')}</option>
              <option value="base">{t('sources:databases.base')}</option>
            </select>
          )}
        </Field>
      )}
      <details>
        <summary>{t('sources:databases.more')}</summary>
        <MoreFields source={source} set={set} orNull={orNull} />
      </details>
    </>
  );
}

function MoreFields({
  source,
  set,
  orNull,
}: {
  readonly source: Server;
  readonly set: (source: DatabaseSource) => void;
  readonly orNull: (text: string) => string | null;
}) {
  const { t } = useTranslation();
  return (
    <div className="stack-small">
      <TextField
        label={t('sources:databases.port')}
        value={source.port?.toString() ?? ''}
        maxLength={5}
        set={(text) => {
          const port = Number.parseInt(text, 10);
          set({ ...source, port: port >= 1 && port <= 65_535 ? port : null });
        }}
      />
      <TextField
        label={t('sources:databases.osUser')}
        hint={t('sources:databases.osUserHint')}
        value={source.osUser ?? ''}
        maxLength={64}
        set={(osUser) => set({ ...source, osUser: orNull(osUser) })}
      />
      <TextField
        label={t('sources:databases.passwordFile')}
        hint={t(
          source.kind === 'mariadb'
            ? 'sources:databases.passwordFileMariadb'
            : 'sources:databases.passwordFilePostgres',
        )}
        value={source.passwordFile ?? ''}
        set={(passwordFile) => set({ ...source, passwordFile: orNull(passwordFile) })}
      />
      <Field label={t('sources:databases.only')} hint={t('sources:databases.onlyHint')}>
        {(field) => (
          <textarea
            {...field}
            className="input mono"
            rows={2}
            defaultValue={source.databases.join('\n')}
            spellCheck={false}
            onChange={(event) => set({ ...source, databases: lines(event.target.value) })}
          />
        )}
      </Field>
      <TextField
        label={t('sources:databases.toolsDir')}
        hint={t('sources:databases.toolsDirHint')}
        value={source.toolsDir ?? ''}
        set={(toolsDir) => set({ ...source, toolsDir: orNull(toolsDir) })}
      />
    </div>
  );
}
