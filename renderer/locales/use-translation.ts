import type { ParseKeys, TFunction } from 'i18next';
import { type UseTranslationResponse, useTranslation as useAny } from 'react-i18next';

const namespaces = [
  'common',
  'alerts',
  'backups',
  'channels',
  'checks',
  'configuration',
  'dashboards',
  'help',
  'hosts',
  'imports',
  'inventory',
  'jobs',
  'keys',
  'logs',
  'media',
  'metrics',
  'overview',
  'pipelines',
  'plans',
  'print',
  'recovery',
  'remote',
  'reports',
  'restore',
  'retention',
  'rotation',
  'rules',
  'secrets',
  'settings',
  'sources',
  'ssh',
  'training',
  'audit',
] as const;
type Namespaces = typeof namespaces;

/** The translating function; keys are `area:path.to.text`. */
export type Translate = TFunction<Namespaces>;

/** Every key of the texts, as `area:path.to.text`. */
export type TextKey = ParseKeys<Namespaces>;

/** The texts of all areas in the present language; the component is drawn anew when the language changes. */
export function useTranslation(): UseTranslationResponse<Namespaces, undefined> {
  return useAny(namespaces);
}
