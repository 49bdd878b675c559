import { Link } from 'react-router';
import { Button } from '../../components/button.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { noFilters, queryValue, writeFilters } from '../../pages/logs/log-filters.ts';
import type { LogSourceDraft } from './steps.ts';

export type DoneStepProps = {
  readonly draft: LogSourceDraft;
  readonly onAnother: () => void;
};

/** The evidence: the source is there, and lines are coming in. */
export function DoneStep({ draft, onAnother }: DoneStepProps) {
  const { t } = useTranslation();
  const name = draft.name.trim();
  const request = useRequest('logs.sources.list', {}, { refreshMs: 1_000 });
  useEvent('logs.sources.changed', request.reload);
  const source = request.data?.sources.find((candidate) => candidate.name === name);
  const search = writeFilters(new URLSearchParams('range=30d'), { ...noFilters, sources: [name] });
  return (
    <>
      <StateBadge state="ok" word={t('logs:wizard.done', { name })} />
      {source && (
        <p className="figure" role="status">
          {t('logs:wizard.doneLines', { lines: source.lines.toLocaleString('en-US') })}
        </p>
      )}
      <div className="row">
        <Link className="btn btn-primary" to={`/logs?${search.toString()}`}>
          {t('logs:wizard.toSearch')}
        </Link>
        <Link className="btn" to={`/logs?tab=live&tail=${encodeURIComponent(`source:${queryValue(name)}`)}`}>
          {t('logs:wizard.toLive')}
        </Link>
        <Button onClick={onAnother}>{t('logs:wizard.another')}</Button>
      </div>
    </>
  );
}
