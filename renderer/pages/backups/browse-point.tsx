import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { absoluteText } from '../../components/time.ts';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';

type Entry = RequestOutput<'backup.browse'>['entries'][number];

const PAGE = 500;
/** The contract's bound on one answer; a folder with more than that is searched rather than scrolled. */
const MOST = 10_000;

export type BrowsePointProps = {
  readonly pointId: string;
  /** Offers to restore an entry. */
  readonly onRestore?: (path: string) => void;
  /** Offers to choose entries, with all below them. */
  readonly selection?: { readonly paths: readonly string[]; readonly onToggle: (path: string) => void };
};

/** What is in a restore point, folder by folder. */
export function BrowsePoint({ pointId, onRestore, selection }: BrowsePointProps) {
  const { t } = useTranslation();
  const [prefix, setPrefix] = useState('');
  const [limit, setLimit] = useState(PAGE);
  const request = useRequest('backup.browse', { pointId, prefix, limit });
  const descending = useDescent(request.data?.entries, prefix, setPrefix);
  const open = (path: string): void => {
    descending.current = false;
    setLimit(PAGE);
    setPrefix(path);
  };
  const columns = useColumns(open, onRestore, selection);
  return (
    <div className="stack-small" data-testid="browse">
      <Trail prefix={prefix} onOpen={open} />
      <RequestView request={request} rows={8}>
        {({ entries, total }) => (
          <>
            <DataTable
              id="browse"
              label={t('backups:browse.label')}
              columns={columns}
              rows={entries}
              rowKey={(entry) => entry.path}
              total={total}
              onOpen={(entry) => {
                if (entry.type === 'directory') open(entry.path);
              }}
              maxHeight={330}
              empty={<p className="soft">{t('backups:browse.empty')}</p>}
            />
            {entries.length < total && limit < MOST && (
              <div>
                <Button onClick={() => setLimit(Math.min(MOST, limit + PAGE))}>
                  {t('backups:browse.more', { count: Math.min(PAGE, total - entries.length) })}
                </Button>
              </div>
            )}
          </>
        )}
      </RequestView>
    </div>
  );
}

/** Goes down by itself to where the first choice is, until somebody chooses. */
function useDescent(
  entries: readonly Entry[] | undefined,
  prefix: string,
  onOpen: (path: string) => void,
): RefObject<boolean> {
  const descending = useRef(true);
  useEffect(() => {
    const only = entries?.length === 1 ? entries[0] : undefined;
    if (!descending.current || only?.type !== 'directory') return;
    // An answer may still be that of the folder above.
    if (only.path.startsWith(prefix) && only.path !== prefix) onOpen(only.path);
  }, [entries, prefix, onOpen]);
  return descending;
}

/** Where in the point this is, each part a way back. */
function Trail({ prefix, onOpen }: { readonly prefix: string; readonly onOpen: (path: string) => void }) {
  const { t } = useTranslation();
  const parts = prefix === '' ? [] : prefix.split('/');
  return (
    <nav className="trail" aria-label={t('backups:browse.where')}>
      <button type="button" className="linklike" onClick={() => onOpen('')}>
        {t('backups:browse.top')}
      </button>
      {parts.map((part, index) => {
        const path = parts.slice(0, index + 1).join('/');
        return (
          <span key={path}>
            {' / '}
            {index === parts.length - 1 ? (
              <strong>{part}</strong>
            ) : (
              <button type="button" className="linklike" onClick={() => onOpen(path)}>
                {part}
              </button>
            )}
          </span>
        );
      })}
    </nav>
  );
}

function useColumns(
  open: (path: string) => void,
  onRestore: BrowsePointProps['onRestore'],
  selection: BrowsePointProps['selection'],
): readonly Column<Entry>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const choose: Column<Entry> = {
      id: 'choose',
      title: '✓',
      width: 36,
      text: () => '',
      render: (entry) => (
        <input
          type="checkbox"
          aria-label={t('backups:browse.selectOf', { path: entry.path })}
          checked={selection?.paths.includes(entry.path) ?? false}
          onChange={() => selection?.onToggle(entry.path)}
        />
      ),
    };
    const restore: Column<Entry> = {
      id: 'restore',
      title: t('backups:browse.restore'),
      width: 80,
      text: () => '',
      render: (entry) => (
        <button
          type="button"
          className="linklike"
          aria-label={t('backups:browse.restoreOf', { path: entry.path })}
          onClick={() => onRestore?.(entry.path)}
        >
          {t('backups:browse.restore')}
        </button>
      ),
    };
    return [
      ...(selection ? [choose] : []),
      {
        id: 'name',
        title: t('backups:browse.name'),
        width: 200,
        text: (entry) => entry.name,
        sortBy: (entry) => `${entry.type === 'directory' ? '0' : '1'}${entry.name}`,
        render: (entry) =>
          entry.type === 'directory' ? (
            <button
              type="button"
              className="linklike"
              data-verbatim
              aria-label={t('backups:browse.openOf', { name: entry.name })}
              onClick={() => open(entry.path)}
            >
              {entry.name}/
            </button>
          ) : (
            <span data-verbatim title={entry.path}>
              {entry.name}
            </span>
          ),
      },
      {
        id: 'type',
        title: t('backups:browse.type'),
        width: 80,
        text: (entry) => t(`backups:browse.entryType.${entry.type}`),
      },
      {
        id: 'size',
        title: t('backups:browse.size'),
        width: 90,
        align: 'right',
        text: (entry) => (entry.type === 'directory' ? '' : formatBytes(entry.size)),
        sortBy: (entry) => entry.size,
      },
      {
        id: 'modified',
        title: t('backups:browse.modified'),
        width: 160,
        // Folders above the sources are not in the archive; nothing but their names is known.
        text: (entry) => (entry.mtimeMs === 0 ? '—' : absoluteText(entry.mtimeMs)),
        sortBy: (entry) => entry.mtimeMs,
      },
      {
        id: 'mode',
        title: t('backups:browse.mode'),
        width: 56,
        text: (entry) => (entry.mtimeMs === 0 ? '—' : entry.mode.toString(8).padStart(4, '0')),
      },
      ...(onRestore ? [restore] : []),
    ];
  }, [t, open, onRestore, selection]);
}
