import type { PageTab } from '../../../components/page-tabs.tsx';
import { KeysTab } from '../keys/keys-tab.tsx';
import { MediaTab } from '../media/media-tab.tsx';
import type { Backups } from '../use-backups.ts';
import { PlansTab } from './plans-tab.tsx';

/** What the page 备份 gives each of its views. */
export type BackupsTabProps = { readonly backups: Backups };

/** The views of the page 备份, in their order. Another area hangs one in by a line. */
export const backupsTabs: readonly PageTab<BackupsTabProps>[] = [
  { id: 'plans', title: 'backups:tabs.plans', Component: PlansTab },
  { id: 'media', title: 'media:tab', Component: MediaTab },
  { id: 'keys', title: 'backups:tabs.keys', Component: KeysTab },
];
