import { useMemo } from 'react';
import type { Host } from '#shared/contract/hosts.ts';
import type { SavedLogSearch } from '#shared/contract/logs-search.ts';
import { copyText } from '../components/save-text.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { setLanguage, setTheme } from '../stores/preferences.ts';
import { useFloating } from './floating-store.ts';
import { pageIds, pagePath } from './page-module.ts';
import { shell } from './shell.ts';

/** One thing the palette can do: go somewhere, or act. */
export type Command = {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** Further words that find it, e.g. a host's address. */
  readonly words?: string;
  readonly to?: string;
  readonly run?: () => void;
};

/** How well a command matches: 3 begins so, 2 holds it, 1 holds its letters in order, 0 not at all. */
function score(command: Command, needle: string): number {
  const title = command.title.toLowerCase();
  if (title.startsWith(needle)) return 3;
  if (title.includes(needle) || (command.words ?? '').toLowerCase().includes(needle)) return 2;
  let from = 0;
  for (const letter of needle) {
    const found = title.indexOf(letter, from);
    if (found < 0) return 0;
    from = found + 1;
  }
  return 1;
}

/** The path of an address inside the app, as it stands in a shift report; null for any other text. */
export function pathOfAddress(text: string): string | null {
  const match = /^(?:app:\/\/console)?(\/(?!\/)[^\s]*)$/.exec(text.trim());
  return match?.[1] ?? null;
}

/** Commands that match, best first; an empty text matches all in their own order. */
export function matchCommands(commands: readonly Command[], text: string): readonly Command[] {
  const needle = text.trim().toLowerCase();
  if (needle === '') return commands;
  return commands
    .map((command) => ({ command, points: score(command, needle) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ command }) => command);
}

/** Every command of the palette in the present language. */
export function useCommands(hosts: readonly Host[], searches: readonly SavedLogSearch[]): readonly Command[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const page = (id: (typeof pageIds)[number]): Command => ({
      id: `page:${id}`,
      title: t(`common:nav.${id}`),
      group: t('common:palette.pages'),
      words: id,
      to: pagePath(id),
    });
    const host = (item: Host): Command => ({
      id: `host:${item.id}`,
      title: item.name,
      group: t('common:palette.hosts'),
      words: `${item.address} ${t(`common:tier.${item.tier}`)}`,
      to: `/hosts/${encodeURIComponent(item.id)}`,
    });
    const search = (saved: SavedLogSearch): Command => ({
      id: `search:${saved.id}`,
      title: saved.name,
      group: t('logs:saved.title'),
      words: saved.query,
      to: saved.query === '' ? '/logs' : `/logs?q=${encodeURIComponent(saved.query)}`,
    });
    const group = t('common:palette.actions');
    const act = (
      id: string,
      title: string,
      words: string,
      what: { to: string } | { run: () => void },
    ): Command => ({
      id,
      title,
      group,
      words,
      ...what,
    });
    return [
      ...pageIds.map(page),
      act('add-host', t('common:palette.addHost'), 'add host', { to: '/hosts/add' }),
      act('import', t('common:palette.importPrometheus'), 'import prometheus', { to: '/hosts/import' }),
      act('add-source', t('common:palette.addLogSource'), 'log source', { to: '/logs/sources/add' }),
      act('patterns', t('logs:patterns.title'), 'log patterns', { to: '/logs?tab=patterns' }),
      act('rotation', t('logs:tabs.rotation'), 'rotation archive logrotate', { to: '/logs?tab=rotation' }),
      act('pipelines', t('logs:tabs.pipelines'), 'pipeline masking logstash', {
        to: '/logs?tab=pipelines',
      }),
      act('new-plan', t('common:palette.newPlan'), 'backup plan', { to: '/backups/plans/new' }),
      act('restore', t('common:palette.restoreFiles'), 'restore files', { to: '/recovery/restore' }),
      act('drills', t('recovery:disaster.tabs.drills'), 'drill rehearsal', { to: '/recovery?tab=drills' }),
      act('runbooks', t('recovery:disaster.tabs.runbooks'), 'runbook incident', {
        to: '/recovery?tab=runbooks',
      }),
      act('audit', t('audit:title'), t('audit:words'), { to: '/settings/audit' }),
      act('training', t('training:title'), t('training:words'), { to: '/settings/training' }),
      act('jobs', t('common:palette.openJobs'), 'jobs', {
        run: () => useFloating.setState({ open: 'jobs' }),
      }),
      act('copy-address', t('common:palette.copyAddress'), 'link url address', {
        run: () => void copyText(location.href),
      }),
      act('zh', t('common:palette.toChinese'), 'chinese 中文', { run: () => setLanguage('zh-CN') }),
      act('en', t('common:palette.toEnglish'), 'english', { run: () => setLanguage('en') }),
      act('light', t('common:palette.themeLight'), 'light', { run: () => setTheme('light') }),
      act('dark', t('common:palette.themeDark'), 'dark', { run: () => setTheme('dark') }),
      act('contrast', t('common:palette.themeContrast'), 'contrast', { run: () => setTheme('contrast') }),
      act('restart', t('common:palette.restartEngine'), 'restart', {
        run: () => void shell()?.restartEngine(),
      }),
      ...hosts.map(host),
      ...searches.map(search),
    ];
  }, [t, hosts, searches]);
}
