import { type ReactNode, useState } from 'react';
import {
  type DatabaseProbe,
  type DatabaseSource,
  databaseSourceSchema,
} from '#shared/contract/backup-sources.ts';
import type { Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { databaseKinds } from './draft.ts';

/**
 * Tries a database as a run would, and says what it found: versions, databases, sizes.
 *
 * @param children what stands beside the button
 */
export function DatabaseTest({
  source,
  children,
}: {
  readonly source: DatabaseSource;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [tried, setTried] = useState<{
    readonly source: DatabaseSource;
    readonly answer: Result<DatabaseProbe> | null;
  } | null>(null);
  // What was found of other settings says nothing about these.
  const answer = tried?.source === source ? tried.answer : null;
  const isBusy = tried?.source === source && tried.answer === null;
  const test = async (): Promise<void> => {
    setTried({ source, answer: null });
    const found = await call('backup.databases.test', { source });
    setTried((old) => (old?.source === source ? { source, answer: found } : old));
  };
  return (
    <div className="stack-small">
      <div className="row">
        <Button
          disabled={isBusy || !databaseSourceSchema.safeParse(source).success}
          onClick={() => void test()}
        >
          {t(isBusy ? 'sources:databases.testing' : 'sources:databases.test')}
        </Button>
        <span className="spacer" />
        {children}
      </div>
      <div aria-live="polite">
        {answer?.ok === true && <Probe probe={answer.value} />}
        {answer?.ok === false && <ErrorNotice error={answer.error} />}
      </div>
    </div>
  );
}

function Probe({ probe }: { readonly probe: DatabaseProbe }) {
  const { t } = useTranslation();
  const text = useText();
  const bytes = probe.databases.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
  return (
    <div className="stack-small">
      <StateBadge
        state="ok"
        word={t('sources:databases.testOk', {
          kind: databaseKinds[probe.kind],
          version: probe.server,
          count: probe.databases.length,
          bytes: formatBytes(bytes),
        })}
      />
      <ul className="small">
        {probe.databases.map(({ name, bytes: size }) => (
          <li key={name}>
            <span className="mono">{name}</span> {size === null ? '' : formatBytes(size)}
          </li>
        ))}
      </ul>
      {probe.tools.length > 0 && (
        <div className="soft small">
          {t('sources:databases.tools')}:{' '}
          {probe.tools.map(({ path, version }) => `${path} ${version}`).join(', ')}
        </div>
      )}
      {probe.notes.map((note) => (
        <StateBadge key={note.en} state="warning" word={text(note)} />
      ))}
    </div>
  );
}
