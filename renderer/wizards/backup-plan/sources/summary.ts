import type { Translate } from '../../../locales/use-translation.ts';
import type { SourcesDraft } from './draft.ts';

/** What was chosen besides files, in one line. */
export function sourcesText(t: Translate, { databases, remotes, hooks, offline }: SourcesDraft): string {
  const parts = [
    databases.length === 0
      ? ''
      : t('sources:summary.databases', {
          count: databases.length,
          names: databases.map(({ name }) => name).join(', '),
        }),
    remotes.length === 0
      ? ''
      : t('sources:summary.remotes', {
          names: remotes.map(({ name, paths }) => `${name}: ${paths.join(', ')}`).join('; '),
        }),
    hooks === null ? '' : t('sources:summary.hooks'),
    offline === null ? '' : t('sources:summary.offline', { stop: offline.stop }),
  ].filter((part) => part !== '');
  return parts.length === 0 ? t('sources:summary.none') : parts.join(' · ');
}
