import { PageHeader } from '../../../components/page-header.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { type PageTab, PageTabs, useTab } from '../../../components/page-tabs.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { AuditTab } from './audit-tab.tsx';
import { CommandsTab } from './commands-tab.tsx';
import { HostKeysTab } from './host-keys-tab.tsx';
import { LoginsTab } from './logins-tab.tsx';

const TABS: readonly PageTab<object>[] = [
  { id: 'logins', title: 'ssh:tab.logins', Component: LoginsTab },
  { id: 'keys', title: 'ssh:tab.keys', Component: HostKeysTab },
  { id: 'commands', title: 'ssh:tab.commands', Component: CommandsTab },
  { id: 'audit', title: 'ssh:tab.audit', Component: AuditTab },
];

/** Hosts over SSH: logins, trusted keys, the commands that may run, and those that ran. */
export function SshPage() {
  const { t } = useTranslation();
  const tab = useTab(TABS);
  return (
    <div className="page">
      <PageLink className="back-link" to="/hosts">
        ← {t('ssh:back')}
      </PageLink>
      <PageHeader title={t('ssh:title')} summary={t('ssh:body')} />
      <PageTabs tabs={TABS} current={tab?.id} label={t('ssh:title')} />
      {tab && <tab.Component />}
    </div>
  );
}
