import { useEffect, useRef, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { LevelMark } from '../level-mark.tsx';
import { SearchLine } from '../search-line.tsx';
import { ArchiveContext, lineKey } from './archive-context.tsx';

/** Lines that are shown; all hits are counted. */
const MOST = 500;

type Found = RequestOutput<'rotation.segments.search'>;

export type ArchiveSearchProps = {
  /** What is searched for at once; null: nothing until somebody asks. */
  readonly query: string | null;
  /** Lines of this time only. */
  readonly span?: { readonly start: number; readonly end: number };
};

/** Searches archived segments where they lie, in the language of the search page; encrypted ones need an unlocked key. */
export function ArchiveSearch({ query, span }: ArchiveSearchProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [text, setText] = useState(query ?? '');
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const asked = useRef(0);
  const run = async (wanted: string): Promise<void> => {
    asked.current += 1;
    const turn = asked.current;
    setText(wanted);
    setBusy(true);
    const answer = await call('rotation.segments.search', { query: wanted, limit: MOST, ...span });
    // An answer that comes after another question is none to it.
    if (turn !== asked.current) return;
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setFound(answer.value);
  };
  const first = useRef(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with what the page was opened with.
  useEffect(() => {
    if (first.current !== null) void run(first.current);
  }, []);
  return (
    <div className="stack-small" data-testid="archive-search">
      <SearchLine
        label={t('rotation:archive.label')}
        placeholder={t('logs:search.placeholder')}
        submitLabel={t('logs:search.run')}
        text={text}
        error={error}
        onSubmit={(wanted) => void run(wanted)}
      />
      {busy && found === null && <Skeleton rows={6} />}
      {busy && found !== null && (
        <p className="soft" role="status">
          {t('rotation:archive.searching')}
        </p>
      )}
      {found !== null && <ArchiveHits found={found} />}
    </div>
  );
}

function ArchiveHits({ found }: { readonly found: Found }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<string | null>(null);
  const whole = (count: number): string => count.toLocaleString('en-US');
  return (
    <>
      <p className="soft figure" role="status">
        {t('rotation:archive.shown', { shown: whole(found.lines.length), total: whole(found.total) })}
        {' · '}
        {t('rotation:archive.pieces', { opened: whole(found.opened), pieces: whole(found.pieces) })}
      </p>
      {found.failed.map(({ file, error }) => (
        <ErrorNotice key={file} error={error} />
      ))}
      <ul className="log-context archive-hits" aria-label={t('rotation:archive.lines')}>
        {found.lines.map((hit) => {
          const key = lineKey(hit);
          return (
            <li key={key}>
              <span className="figure">{hit.time === null ? '–' : absoluteText(hit.time, true)}</span>
              <LevelMark level={hit.level} />
              <div>
                <span className="mono">{hit.text}</span>
                <Button
                  kind="quiet"
                  aria-expanded={opened === key}
                  onClick={() => setOpened(opened === key ? null : key)}
                >
                  {hit.source}:{hit.line} ·{' '}
                  {opened === key ? t('logs:details.hideContext') : t('logs:details.context')}
                </Button>
              </div>
              {opened === key && <ArchiveContext hit={hit} />}
            </li>
          );
        })}
      </ul>
    </>
  );
}
