import { Link } from 'react-router';
import type { RestoreState } from '#shared/contract/restore.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { Column } from '../../../components/data-table.tsx';
import type { Translate } from '../../../locales/use-translation.ts';
import { undoPath } from '../../../wizards/restore/after-restore.tsx';
import { DiscardSafety } from './discard-safety.tsx';

/** What a restore keeps, in words. */
function safetyText(t: Translate, { safety, undoneBy }: RestoreState): string {
  if (undoneBy !== null) return t('restore:undo.undone');
  if (safety === null) return t('restore:safety.none');
  return safety.discardedAt === null ? formatBytes(safety.bytes) : t('restore:safety.discarded');
}

/** The column of past restores that shows what each keeps, with the ways to undo it and to give that up. */
export function safetyColumn(t: Translate): Column<RestoreState> {
  return {
    id: 'safety',
    title: t('restore:safety.column'),
    width: 240,
    text: (restore) => safetyText(t, restore),
    sortBy: ({ safety }) => safety?.bytes ?? 0,
    render: (restore) => (
      <span className="row">
        <span className="figure">{safetyText(t, restore)}</span>
        {restore.canUndo && <Link to={undoPath(restore.id)}>{t('restore:undo.open')}</Link>}
        {restore.safety !== null && restore.safety.discardedAt === null && (
          <DiscardSafety restore={restore} />
        )}
      </span>
    ),
  };
}
