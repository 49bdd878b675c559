import type { PageId, PageModule } from './page-module.ts';

/** Pages besides the overview come in files of their own, so that the first paint waits for none of them. */
export const pageLoaders: Readonly<Record<Exclude<PageId, 'overview'>, () => Promise<PageModule>>> = {
  hosts: async () => (await import('../pages/hosts/index.tsx')).hostsPage,
  metrics: async () => (await import('../pages/metrics/index.tsx')).metricsPage,
  alerts: async () => (await import('../pages/alerts/index.tsx')).alertsPage,
  logs: async () => (await import('../pages/logs/index.tsx')).logsPage,
  backups: async () => (await import('../pages/backups/index.tsx')).backupsPage,
  recovery: async () => (await import('../pages/recovery/index.tsx')).recoveryPage,
  settings: async () => (await import('../pages/settings/index.tsx')).settingsPage,
};

/** How long after the start the other pages are fetched, milliseconds: the first screen has its data by then. */
const PREFETCH_AFTER_MS = 3_000;

/** Fetches the other pages' files while nothing else is going on, so that a first visit is instant. */
export function prefetchPages(): () => void {
  const timer = setTimeout(() => {
    requestIdleCallback(async () => {
      for (const load of Object.values(pageLoaders)) {
        try {
          await load();
        } catch {
          // The visit itself will say so, where the operator sees it.
          return;
        }
      }
    });
  }, PREFETCH_AFTER_MS);
  return () => clearTimeout(timer);
}
