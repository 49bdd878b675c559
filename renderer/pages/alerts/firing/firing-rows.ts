import type { AlertView } from '#shared/contract/notify-alerts.ts';
import type { Firing, FiringGroup, PendingAlert } from './firing-model.ts';

/** One line of the list. */
export type FiringRow =
  | { readonly kind: 'group'; readonly key: string; readonly group: FiringGroup; readonly open: boolean }
  | {
      readonly kind: 'alert';
      readonly key: string;
      readonly view: AlertView;
      /** 0: of the list; 1: of a group or a section; 2: behind a cause of a group. */
      readonly level: number;
      /** How many stand behind it, and whether they are shown. */
      readonly behind: number;
      readonly open: boolean;
    }
  | {
      readonly kind: 'section';
      readonly key: 'quiet' | 'pending';
      readonly count: number;
      readonly open: boolean;
    }
  | { readonly kind: 'pending'; readonly key: string; readonly pending: PendingAlert };

/** Keys of what a person has opened or closed; a group begins open, everything else closed. */
export type Toggled = ReadonlySet<string>;

/** Lines from the page's content. Groups of one have no line of their own. */
export function firingRows(
  { groups, quiet }: Firing,
  pending: readonly PendingAlert[],
  toggled: Toggled,
): readonly FiringRow[] {
  const rows: FiringRow[] = [];
  const alert = (view: AlertView, level: number, behind: readonly AlertView[]): void => {
    const key = view.problem.id;
    const open = behind.length > 0 && toggled.has(key);
    rows.push({ kind: 'alert', key, view, level, behind: behind.length, open });
    if (open) for (const one of behind) alert(one, level + 1, []);
  };
  for (const group of groups) {
    const key = `group ${group.key}`;
    const isAlone = group.causes.length < 2;
    const open = isAlone || !toggled.has(key);
    if (!isAlone) rows.push({ kind: 'group', key, group, open });
    if (open) for (const { view, behind } of group.causes) alert(view, isAlone ? 0 : 1, behind);
  }
  if (quiet.length > 0) {
    const open = toggled.has('quiet');
    rows.push({ kind: 'section', key: 'quiet', count: quiet.length, open });
    if (open) for (const view of quiet) alert(view, 1, []);
  }
  if (pending.length > 0) {
    const open = toggled.has('pending');
    rows.push({ kind: 'section', key: 'pending', count: pending.length, open });
    if (open) for (const one of pending) rows.push({ kind: 'pending', key: one.key, pending: one });
  }
  return rows;
}

/** Alerts that an action on a line is about. */
export function viewsOf(row: FiringRow): readonly AlertView[] {
  if (row.kind === 'alert') return [row.view];
  return row.kind === 'group' ? row.group.causes.map(({ view }) => view) : [];
}
