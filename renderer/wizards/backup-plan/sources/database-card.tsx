import type { DatabaseSource } from '#shared/contract/backup-sources.ts';
import { Button } from '../../../components/button.tsx';
import { ListField } from '../../../components/list-field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DatabaseTest } from './database-test.tsx';
import { databaseKinds } from './draft.ts';
import { ServerFields } from './server-fields.tsx';

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
        mono
        label={t('sources:databases.name')}
        hint={t('sources:databases.nameHint')}
        value={source.name}
        maxLength={64}
        onChange={(name) => set({ ...source, name: name.trim() })}
      />
      {source.kind === 'sqlite' ? (
        <TextField
          mono
          label={t('sources:databases.file')}
          hint={t('sources:databases.fileHint')}
          value={source.file}
          placeholder="/srv/app/app.db"
          onChange={(file) => set({ ...source, file })}
        />
      ) : (
        <SourceFields source={source} set={set} />
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

/** How the server is reached, how it is dumped, and which of its databases. */
function SourceFields({
  source,
  set,
}: {
  readonly source: Server;
  readonly set: (source: DatabaseSource) => void;
}) {
  const { t } = useTranslation();
  return (
    <ServerFields
      server={source}
      set={set}
      more={
        <ListField
          label={t('sources:databases.only')}
          hint={t('sources:databases.onlyHint')}
          value={source.databases}
          onChange={(databases) => set({ ...source, databases })}
        />
      }
    >
      {source.kind === 'postgresql' && (
        <SelectField
          label={t('sources:databases.method')}
          value={source.method}
          options={[
            ['dump', t('sources:databases.dump')],
            ['base', t('sources:databases.base')],
          ]}
          onChange={(method) => set({ ...source, method })}
        />
      )}
    </ServerFields>
  );
}
