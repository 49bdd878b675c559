import type { DatabaseSource } from '#shared/contract/backup-sources.ts';
import { Button } from '../../../components/button.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DatabaseCard } from './database-card.tsx';
import { databaseKinds, newDatabase, type SourcesDraft } from './draft.ts';
import { HooksFields } from './hooks-fields.tsx';
import { OfflineFields } from './offline-fields.tsx';
import { RemotesFields } from './remotes-fields.tsx';

/** What the parts of a plan's sources are given. */
export type SourcesFieldsProps = {
  readonly value: SourcesDraft;
  readonly change: (edit: (old: SourcesDraft) => SourcesDraft) => void;
};

/** Databases, folders of hosts, commands around a run, and the service that stands still: what a plan has besides files. */
export function SourcesFields({ value, change }: SourcesFieldsProps) {
  return (
    <>
      <DatabasesFields value={value} change={change} />
      <RemotesFields value={value} change={change} />
      <HooksFields value={value} change={change} />
      <OfflineFields value={value} change={change} />
    </>
  );
}

const KINDS: readonly DatabaseSource['kind'][] = ['sqlite', 'postgresql', 'mariadb'];

/** The databases of a plan, each with a button that tries the login. */
function DatabasesFields({ value, change }: SourcesFieldsProps) {
  const { t } = useTranslation();
  const { databases } = value;
  const set = (next: DatabaseSource[]): void => change((old) => ({ ...old, databases: next }));
  return (
    <section className="stack-small" aria-label={t('sources:databases.title')}>
      <h3>{t('sources:databases.title')}</h3>
      <span className="soft small">{t('sources:databases.hint')}</span>
      {databases.map((source, index) => (
        <DatabaseCard
          // biome-ignore lint/suspicious/noArrayIndexKey: a database is known by its place; its name is being typed.
          key={index}
          source={source}
          set={(next) => set(databases.map((old, at) => (at === index ? next : old)))}
          remove={() => set(databases.filter((_, at) => at !== index))}
        />
      ))}
      <div className="row">
        {KINDS.map((kind) => (
          <Button key={kind} onClick={() => set([...databases, newDatabase(kind, databases)])}>
            {t('sources:databases.add', { kind: databaseKinds[kind] })}
          </Button>
        ))}
      </div>
    </section>
  );
}
