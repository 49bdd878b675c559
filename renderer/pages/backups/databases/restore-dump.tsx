import { useEffect, useState } from 'react';
import {
  type DatabaseRestoreReport,
  type DatabaseTarget,
  type Dump,
  databaseTargetSchema,
} from '#shared/contract/backup-sources.ts';
import type { AppError } from '#shared/errors/index.ts';
import { formatDuration } from '#shared/units/duration.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { JobProgressView } from '../../../components/job-progress-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useJob } from '../../../stores/jobs.ts';
import { ServerFields } from '../../../wizards/backup-plan/sources/server-fields.tsx';

type RestoreDumpProps = {
  readonly pointId: string;
  readonly dump: Dump;
  readonly database: string;
  readonly onClose: () => void;
};

const NO_SERVER = {
  host: null,
  port: null,
  user: null,
  osUser: null,
  passwordFile: null,
  toolsDir: null,
} as const;

/** A name beside the database in use: nothing is overwritten by somebody who only presses Enter. */
function firstTarget({ kind }: Dump, database: string): DatabaseTarget {
  return kind === 'sqlite' ? { kind, file: '' } : { kind, ...NO_SERVER, database: `${database}_restored` };
}

/** Asks where a dump goes, loads it, and tells what came of it. */
export function RestoreDump({ pointId, dump, database, onClose }: RestoreDumpProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [into, setInto] = useState(() => firstTarget(dump, database));
  const [replace, setReplace] = useState(false);
  const [jobId, setJobId] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const job = useJob(jobId);
  const isRunning = job !== undefined && job.endedAt === null;
  const reportId = job?.result?.id ?? null;
  const isReady = databaseTargetSchema.safeParse(into).success;
  const start = async (): Promise<void> => {
    setError(null);
    const asked = { pointId, source: dump.name, database, into, replace };
    const answer = await call('backup.databases.restore', asked);
    if (answer.ok) setJobId(answer.value.jobId);
    else setError(answer.error);
  };
  return (
    <Overlay kind="dialog" title={t('sources:databases.loaded.dialog', { name: database })} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !isRunning) void start();
        }}
      >
        <TargetFields into={into} set={setInto} />
        <label className="row">
          <input type="checkbox" checked={replace} onChange={(event) => setReplace(event.target.checked)} />
          {t('sources:databases.loaded.replace')}
        </label>
        <span className="soft small">{t('sources:databases.loaded.replaceHint')}</span>
        {isRunning && <JobProgressView job={job} />}
        {error && <ErrorNotice error={error} />}
        {job?.error && <ErrorNotice error={job.error} />}
        {reportId !== null && <Loaded id={reportId} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.close')}</Button>
          <Button kind="primary" type="submit" disabled={!isReady || isRunning || reportId !== null}>
            {t('sources:databases.loaded.start')}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}

function TargetFields({
  into,
  set,
}: {
  readonly into: DatabaseTarget;
  readonly set: (into: DatabaseTarget) => void;
}) {
  const { t } = useTranslation();
  if (into.kind === 'sqlite')
    return (
      <TextField
        mono
        label={t('sources:databases.loaded.intoFile')}
        value={into.file}
        placeholder="/srv/app/app.db"
        onChange={(file) => set({ ...into, file })}
      />
    );
  return (
    <>
      <TextField
        mono
        label={t('sources:databases.loaded.into')}
        hint={t('sources:databases.loaded.intoHint')}
        value={into.database}
        maxLength={63}
        onChange={(database) => set({ ...into, database: database.trim() })}
      />
      <ServerFields server={into} set={set} />
    </>
  );
}

/** What the load did; asked for once, when it has ended. */
function Loaded({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const [report, setReport] = useState<DatabaseRestoreReport | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    void call('backup.databases.restoreReport', { id }).then((answer) => {
      if (answer.ok) setReport(answer.value);
      else setError(answer.error);
    });
  }, [call, id]);
  if (error) return <ErrorNotice error={error} />;
  if (report === null) return null;
  const { into, tables, durationMs, kept, notes } = report;
  return (
    <div className="stack-small" role="status">
      <StateBadge
        state="ok"
        word={t('sources:databases.loaded.done', { into, tables, duration: formatDuration(durationMs) })}
      />
      {kept !== null && <span>{t('sources:databases.loaded.kept', { kept })}</span>}
      {notes.map((note) => (
        <span key={note.en} className="soft">
          {text(note)}
        </span>
      ))}
    </div>
  );
}
