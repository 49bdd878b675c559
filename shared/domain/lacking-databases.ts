import { DATABASES_FOLDER } from '../contract/backup-sources.ts';

/**
 * True when a point lacks a database of its plan: its files can be restored, but it does not count for the objectives. It stands
 * in the manifest, so it is also known of a point that was catalogued from its medium alone.
 */
export function lacksDatabases(report: { readonly skipped: readonly { readonly path: string }[] }): boolean {
  return report.skipped.some(({ path }) => path.startsWith(`${DATABASES_FOLDER}/`));
}
