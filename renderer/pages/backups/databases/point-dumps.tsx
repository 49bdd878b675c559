import { useState } from 'react';
import { DATABASES_FOLDER, type Dump } from '#shared/contract/backup-sources.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { databaseKinds } from '../../../wizards/backup-plan/sources/draft.ts';
import { RestoreDump } from './restore-dump.tsx';

type Chosen = { readonly dump: Dump; readonly database: string };

/** The databases that a point holds, each with the way back; nothing where it holds none. */
export function PointDumps({ pointId }: { readonly pointId: string }) {
  const { t } = useTranslation();
  // The index answers without the archive and its key.
  const folder = useRequest('backup.browse', { pointId, prefix: DATABASES_FOLDER, limit: 1 });
  const enabled = (folder.data?.total ?? 0) > 0;
  const request = useRequest('backup.databases.list', { pointId }, { enabled });
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const dumps = request.data?.dumps ?? [];
  if (request.error !== null && request.error.code !== 'ENGINE_GONE')
    return (
      <Panel title={t('sources:databases.loaded.title')}>
        <ErrorNotice error={request.error} onRetry={request.reload} />
      </Panel>
    );
  if (dumps.length === 0) return null;
  return (
    <Panel title={t('sources:databases.loaded.title')}>
      <div className="stack">
        {dumps.map((dump) => (
          <section key={dump.name} className="stack-small">
            <h3>{dump.name}</h3>
            <span className="soft">
              {t('sources:databases.loaded.takenAt', {
                kind: databaseKinds[dump.kind],
                server: dump.server,
                time: absoluteText(dump.takenAt),
              })}
            </span>
            {dump.method === 'base' ? (
              <p>{t('sources:databases.loaded.base', { name: dump.name })}</p>
            ) : (
              dump.databases.map(({ name, bytes }) => (
                <div key={name} className="row">
                  <span className="mono">{name}</span>
                  <span className="soft figure">{formatBytes(bytes)}</span>
                  <span className="spacer" />
                  <Button
                    aria-label={`${name}: ${t('sources:databases.loaded.load')}`}
                    onClick={() => setChosen({ dump, database: name })}
                  >
                    {t('sources:databases.loaded.load')}
                  </Button>
                </div>
              ))
            )}
          </section>
        ))}
      </div>
      {chosen && (
        <RestoreDump
          pointId={pointId}
          dump={chosen.dump}
          database={chosen.database}
          onClose={() => setChosen(null)}
        />
      )}
    </Panel>
  );
}
