import './hosts.css';
import { Route, Routes } from 'react-router';
import type { PageModule } from '../../app/page-module.ts';
import { AddHostWizard } from '../../wizards/add-host/add-host-wizard.tsx';
import { ImportPage } from '../../wizards/import/import-page.tsx';
import { HostList } from './host-list.tsx';
import { HostPage } from './host-page.tsx';
import { JobsPage } from './jobs/jobs-page.tsx';
import { SshPage } from './ssh/ssh-page.tsx';
import { TopologyPage } from './topology/topology-page.tsx';

function HostsPage() {
  return (
    <Routes>
      <Route index element={<HostList />} />
      <Route path="add" element={<AddHostWizard />} />
      <Route path="import" element={<ImportPage />} />
      <Route path="import-list" element={<ImportPage kind="list" />} />
      <Route path="jobs" element={<JobsPage />} />
      <Route path="ssh" element={<SshPage />} />
      <Route path="topology" element={<TopologyPage />} />
      <Route path=":hostId" element={<HostPage />} />
    </Routes>
  );
}

/** The inventory, worst first; one host with its history, targets and key metrics; adding and importing. */
export const hostsPage: PageModule = {
  id: 'hosts',
  Component: HostsPage,
  keys: [{ keys: 'Enter', does: 'hosts:keys.open' }],
};
