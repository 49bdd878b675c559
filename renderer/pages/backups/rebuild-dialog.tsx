import { useEffect, useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../../app/shell.ts';
import { Button } from '../../components/button.tsx';
import { Overlay } from '../../components/drawer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { JobProgressView } from '../../components/job-progress-view.tsx';
import { Panel } from '../../components/page-header.tsx';
import { useNow } from '../../components/use-now.ts';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useJobs } from '../../stores/jobs.ts';

/** Asks which folders hold archives and puts their points back into the catalogue. */
export function RebuildDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [dirs, setDirs] = useState<readonly string[]>([]);
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const add = (dir: string): void => {
    const path = dir.trim();
    if (path !== '' && !dirs.includes(path)) setDirs([...dirs, path]);
    setTyped('');
  };
  const choose = async (): Promise<void> => {
    const answer = await shell()?.chooseFolder({ title: t('backups:rebuildDialog.dirs') });
    if (answer?.ok && answer.value !== null) add(answer.value);
  };
  const start = async (): Promise<void> => {
    const answer = await call('backup.rebuild', { dirs: [...dirs] });
    if (answer.ok) onClose();
    else setError(answer.error);
  };
  return (
    <Overlay title={t('backups:rebuildDialog.title')} kind="dialog" onClose={onClose}>
      <p>{t('backups:rebuildDialog.body')}</p>
      <h3>{t('backups:rebuildDialog.dirs')}</h3>
      {dirs.length === 0 && <p className="soft">{t('backups:rebuildDialog.none')}</p>}
      {dirs.map((dir) => (
        <div key={dir} className="row">
          <span className="mono">{dir}</span>
          <Button
            kind="quiet"
            aria-label={t('backups:rebuildDialog.removeDir', { dir })}
            onClick={() => setDirs(dirs.filter((other) => other !== dir))}
          >
            {t('common:action.remove')}
          </Button>
        </div>
      ))}
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          add(typed);
        }}
      >
        <input
          className="input mono grow"
          aria-label={t('backups:rebuildDialog.typed')}
          placeholder="/mnt/backup"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" disabled={typed.trim() === ''}>
          {t('backups:rebuildDialog.addTyped')}
        </Button>
        <Button onClick={() => void choose()}>{t('backups:rebuildDialog.add')}</Button>
      </form>
      {error && <ErrorNotice error={error} />}
      <div className="row">
        <span className="spacer" />
        <Button onClick={onClose}>{t('common:action.cancel')}</Button>
        <Button kind="primary" disabled={dirs.length === 0} onClick={() => void start()}>
          {t('backups:rebuildDialog.start')}
        </Button>
      </div>
    </Overlay>
  );
}

/** Rebuilds that go on or ended in the last minutes. */
export function RebuildJobs({ onEnded }: { readonly onEnded?: () => void }) {
  const jobs = useJobs((state) => state.jobs);
  const now = useNow(60_000);
  const shown = jobs.filter(
    (job) => job.kind === 'rebuild' && (job.endedAt === null || now - job.endedAt < 300_000),
  );
  const ended = shown.filter((job) => job.endedAt !== null).length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end of a rebuild is the news.
  useEffect(() => {
    if (ended > 0) onEnded?.();
  }, [ended]);
  return (
    <>
      {shown.slice(0, 1).map((job) => (
        <Panel key={job.id}>
          <JobProgressView job={job} />
        </Panel>
      ))}
    </>
  );
}
