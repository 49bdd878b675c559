import type { DatabaseSource } from '#shared/contract/backup-sources.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DatabaseTest } from './database-test.tsx';
import { databaseKinds, lines } from './draft.ts';
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
      }
    >
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
    </ServerFields>
  );
}
