import './settings.css';
import { type ReactNode, useState } from 'react';
import { Route, Routes, useLocation } from 'react-router';
import type { PageModule } from '../../app/page-module.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader, Panel } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { FirstRunWizard } from '../../wizards/first-run/first-run-wizard.tsx';
import { AboutSection } from './about-section.tsx';
import { ApiSection } from './api-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { AuditPage } from './audit/audit-page.tsx';
import { ConfigurationSection } from './configuration/configuration-section.tsx';
import { ImportSection } from './import-section.tsx';
import { RemoteSection } from './remote-section.tsx';
import { SamplesSection } from './samples-section.tsx';
import { SecretsSection } from './secrets-section.tsx';
import { SiteSection } from './site-section.tsx';
import { StorageSection } from './storage-section.tsx';
import { TrainingPage } from './training/training-page.tsx';
import { TrainingSection } from './training/training-section.tsx';
import { WatchdogSection } from './watchdog-section.tsx';

function SettingsPage() {
  return (
    <Routes>
      <Route index element={<SettingsList />} />
      <Route path="audit" element={<AuditPage />} />
      <Route path="training" element={<TrainingPage />} />
      <Route path="first-run" element={<FirstRunWizard />} />
    </Routes>
  );
}

/** Leads to the trail. */
function AuditSection() {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <p className="soft">{t('audit:body')}</p>
      <div className="row">
        <PageLink className="btn" to="/settings/audit">
          {t('audit:open')}
        </PageLink>
      </div>
    </div>
  );
}

type Section = {
  readonly id: string;
  readonly title: string;
  readonly words: string;
  readonly body: ReactNode;
};

function SettingsList() {
  const { t } = useTranslation();
  // The document's base is the app's root, so a link within the page names the page, too.
  const { pathname, search } = useLocation();
  const [text, setText] = useState('');
  const sections: readonly Section[] = [
    {
      id: 'site',
      title: t('settings:site.title'),
      words: `${t('settings:site.name')} ${t('settings:site.classification')}`,
      body: <SiteSection />,
    },
    {
      id: 'appearance',
      title: t('settings:appearance.title'),
      words: `${t('settings:appearance.language')} ${t('settings:appearance.theme')} English 中文`,
      body: <AppearanceSection />,
    },
    {
      id: 'storage',
      title: t('settings:storage.title'),
      words: `${t('settings:storage.folder')} ${t('settings:storage.retention')} ${t('settings:storage.metrics')}`,
      body: <StorageSection />,
    },
    {
      id: 'import',
      title: t('settings:import.title'),
      words: `prometheus ${t('settings:import.logs')}`,
      body: <ImportSection />,
    },
    {
      id: 'configuration',
      title: t('configuration:title'),
      words: t('configuration:words'),
      body: <ConfigurationSection />,
    },
    {
      id: 'samples',
      title: t('settings:samples.title'),
      words: `openmetrics ${t('settings:samples.import')} ${t('settings:samples.export')}`,
      body: <SamplesSection />,
    },
    {
      id: 'api',
      title: t('settings:api.title'),
      words: `Prometheus Grafana API ${t('settings:api.port')} ${t('settings:api.address')}`,
      body: <ApiSection />,
    },
    {
      id: 'remote',
      title: t('remote:title'),
      words: t('remote:words'),
      body: <RemoteSection />,
    },
    {
      id: 'secrets',
      title: t('secrets:title'),
      words: t('secrets:words'),
      body: <SecretsSection />,
    },
    {
      id: 'audit',
      title: t('audit:title'),
      words: t('audit:words'),
      body: <AuditSection />,
    },
    {
      id: 'watchdog',
      title: t('settings:watchdog.title'),
      words: t('settings:watchdog.words'),
      body: <WatchdogSection />,
    },
    {
      id: 'training',
      title: t('training:title'),
      words: t('training:words'),
      body: <TrainingSection />,
    },
    {
      id: 'about',
      title: t('settings:about.title'),
      words: `${t('settings:about.version')} ${t('settings:about.runtime')}`,
      body: <AboutSection />,
    },
  ];
  const needle = text.trim().toLowerCase();
  const shown = sections.filter(({ title, words }) => `${title} ${words}`.toLowerCase().includes(needle));
  return (
    <div className="page settings-page">
      <PageHeader
        title={t('settings:title')}
        actions={
          <input
            type="search"
            className="input"
            data-filter
            aria-label={t('settings:filter')}
            placeholder={t('settings:filter')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        }
      />
      <div className="settings-columns">
        <div className="settings-sections">
          {shown.map((section) => (
            <Panel key={section.id} id={anchor(section)} title={section.title}>
              {section.body}
            </Panel>
          ))}
          {shown.length === 0 && (
            <EmptyState
              title={t('settings:noMatch', { text })}
              action={<Button onClick={() => setText('')}>{t('common:action.clear')}</Button>}
            />
          )}
        </div>
        {shown.length > 1 && (
          <nav className="settings-index" aria-label={t('settings:index')}>
            <ul className="plain-list">
              {shown.map((section) => (
                <li key={section.id}>
                  <a href={`${pathname}${search}#${anchor(section)}`}>{section.title}</a>
                </li>
              ))}
            </ul>
          </nav>
        )}
      </div>
    </div>
  );
}

/** Where a section is on the page, for links. */
function anchor({ id }: Section): string {
  return `settings-${id}`;
}

/** Settings in groups, searchable. */
export const settingsPage: PageModule = { id: 'settings', Component: SettingsPage, keys: [] };
