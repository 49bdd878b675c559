import { useMemo, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Icon } from '../../components/icon.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { absoluteText } from '../../components/time.ts';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { PathText } from '../../wizards/path-text.tsx';

type FoundFile = RequestOutput<'backup.find'>['files'][number];

/** One file of one plan, with its versions newest first. */
export type FoundPath = {
  readonly path: string;
  readonly plan: string;
  readonly versions: FoundFile['versions'];
};

/** A file that several plans keep is one row a plan: a restore comes from one plan. */
function byPlan(files: readonly FoundFile[]): readonly FoundPath[] {
  return files.flatMap(({ path, versions }) =>
    [...new Set(versions.map((version) => version.plan))].map((plan) => ({
      path,
      plan,
      versions: versions.filter((version) => version.plan === plan).sort((a, b) => b.at - a.at),
    })),
  );
}

export type FindFilesProps = {
  /** Offers to restore a file. */
  readonly onRestore?: (found: FoundPath) => void;
  /** Offers to choose files. */
  readonly selection?: {
    readonly isChosen: (found: FoundPath) => boolean;
    readonly onToggle: (found: FoundPath) => void;
  };
  readonly autoFocus?: boolean;
};

/** The file first, the date second: a search over all points of all plans. */
export function FindFiles({ onRestore, selection, autoFocus = false }: FindFilesProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [text, setText] = useState('');
  return (
    <div className="stack-small" data-testid="find-files">
      <search>
        <form
          className="search-line"
          onSubmit={(event) => {
            event.preventDefault();
            setText(typed.trim());
          }}
        >
          <input
            type="search"
            className="input grow"
            aria-label={t('backups:find.label')}
            placeholder={t('backups:find.placeholder')}
            value={typed}
            spellCheck={false}
            maxLength={1000}
            // biome-ignore lint/a11y/noAutofocus: in the wizard the search is the step, and nothing stands before it.
            autoFocus={autoFocus}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button type="submit" disabled={typed.trim() === ''}>
            <Icon name="search" size={14} /> {t('backups:find.run')}
          </Button>
        </form>
      </search>
      {text !== '' && <Found key={text} text={text} onRestore={onRestore} selection={selection} />}
    </div>
  );
}

type FoundProps = {
  readonly text: string;
  readonly onRestore: FindFilesProps['onRestore'];
  readonly selection: FindFilesProps['selection'];
};

function Found({ text, onRestore, selection }: FoundProps) {
  const { t } = useTranslation();
  const request = useRequest('backup.find', { text, limit: 500 });
  const columns = useColumns(onRestore, selection);
  return (
    <RequestView request={request} rows={6}>
      {({ files, total }) => (
        <>
          {total > 0 && (
            <div className="row">
              <span className="soft figure" role="status">
                {t('backups:find.shown', {
                  shown: files.length.toLocaleString('en-US'),
                  total: total.toLocaleString('en-US'),
                })}
              </span>
              {selection && <ChooseAll rows={byPlan(files)} selection={selection} />}
            </div>
          )}
          <DataTable
            id="found-files"
            label={t('backups:find.label')}
            columns={columns}
            rows={byPlan(files)}
            rowKey={(found) => `${found.plan} ${found.path}`}
            {...(onRestore ? { onOpen: onRestore } : {})}
            maxHeight={300}
            bare
            empty={<EmptyState title={t('backups:find.none', { text })} body={t('backups:find.noneBody')} />}
          />
        </>
      )}
    </RequestView>
  );
}

/** Chooses every file that is shown. A restore comes from one plan, so files of several are chosen one by one. */
function ChooseAll({
  rows,
  selection,
}: {
  readonly rows: readonly FoundPath[];
  readonly selection: NonNullable<FindFilesProps['selection']>;
}) {
  const { t } = useTranslation();
  if (new Set(rows.map(({ plan }) => plan)).size !== 1) return null;
  const all = rows.every(selection.isChosen);
  return (
    <label className="choice">
      <input
        type="checkbox"
        checked={all}
        onChange={() => {
          for (const row of rows) if (all || !selection.isChosen(row)) selection.onToggle(row);
        }}
      />
      <span>{t('backups:find.chooseAll')}</span>
    </label>
  );
}

function useColumns(
  onRestore: FindFilesProps['onRestore'],
  selection: FindFilesProps['selection'],
): readonly Column<FoundPath>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const newest = (found: FoundPath) => found.versions[0];
    const choose: Column<FoundPath> = {
      id: 'choose',
      title: '✓',
      width: 36,
      text: () => '',
      render: (found) => (
        <input
          type="checkbox"
          aria-label={t('backups:browse.selectOf', { path: found.path })}
          checked={selection?.isChosen(found) ?? false}
          onChange={() => selection?.onToggle(found)}
        />
      ),
    };
    const restore: Column<FoundPath> = {
      id: 'restore',
      title: t('backups:browse.restore'),
      width: 80,
      text: () => '',
      render: (found) => (
        <button
          type="button"
          className="linklike"
          aria-label={t('backups:browse.restoreOf', { path: found.path })}
          onClick={() => onRestore?.(found)}
        >
          {t('backups:find.restore')}
        </button>
      ),
    };
    return [
      ...(selection ? [choose] : []),
      {
        id: 'path',
        title: t('backups:find.path'),
        width: 380,
        text: (found) => found.path,
        render: (found) => <PathText path={found.path} />,
        sortBy: (found) => found.path,
      },
      {
        id: 'plan',
        title: t('backups:find.plan'),
        width: 110,
        text: (found) => found.plan,
        sortBy: (found) => found.plan,
      },
      {
        id: 'size',
        title: t('backups:find.size'),
        width: 90,
        align: 'right',
        text: (found) => formatBytes(newest(found)?.size ?? 0),
        sortBy: (found) => newest(found)?.size ?? 0,
      },
      {
        id: 'newest',
        title: t('backups:find.newest'),
        width: 160,
        text: (found) => absoluteText(newest(found)?.at ?? 0),
        sortBy: (found) => newest(found)?.at ?? 0,
      },
      {
        id: 'versions',
        title: t('backups:find.versions'),
        width: 110,
        text: (found) => t('backups:find.versionsOf', { count: found.versions.length }),
        sortBy: (found) => found.versions.length,
      },
      ...(onRestore ? [restore] : []),
    ];
  }, [t, onRestore, selection]);
}
