import type { RequestOutput } from '#shared/contract/index.ts';
import type { PageTab } from '../../components/page-tabs.tsx';
import type { RequestState } from '../../components/use-request.ts';
import { ChannelsTab } from './channels/channels-tab.tsx';
import { ContactsTab } from './contacts/contacts-tab.tsx';
import { FiringTab } from './firing/firing-tab.tsx';
import { HistoryTab } from './history/history-tab.tsx';
import { RoutesTab } from './routes/routes-tab.tsx';
import { RulesTab } from './rules/rules-tab.tsx';
import { SilencesTab } from './silences/silences-tab.tsx';

/** What the page 告警 gives each of its views. */
export type AlertsTabProps = { readonly alerts: RequestState<RequestOutput<'notify.alerts'>> };

/** The views of the page 告警, in their order. Another area hangs one in by a line. */
export const alertsTabs: readonly PageTab<AlertsTabProps>[] = [
  { id: 'firing', title: 'alerts:tabs.firing', Component: FiringTab },
  { id: 'history', title: 'alerts:tabs.history', Component: HistoryTab },
  { id: 'silences', title: 'alerts:tabs.silences', Component: SilencesTab },
  { id: 'rules', title: 'rules:view.list', Component: RulesTab },
  { id: 'routes', title: 'alerts:tabs.routes', Component: RoutesTab },
  { id: 'channels', title: 'channels:title', Component: ChannelsTab },
  { id: 'contacts', title: 'channels:contact.tab', Component: ContactsTab },
];
