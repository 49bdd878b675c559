import { DATABASES_FOLDER, REMOTE_FOLDER } from '../contract/backup-sources.ts';

/**
 * True when a point lacks a database or a host of its plan: its files can be restored, but it does not count for the objectives.
 * It stands in the manifest, so it is also known of a point that was catalogued from its medium alone. A single file of a host
 * that could not be read is reported, as one of this machine is, and does not count.
 */
export function lacksSources(report: { readonly skipped: readonly { readonly path: string }[] }): boolean {
  return report.skipped.some(
    ({ path }) =>
      path.startsWith(`${DATABASES_FOLDER}/`) ||
      (path.startsWith(`${REMOTE_FOLDER}/`) && path.indexOf('/', REMOTE_FOLDER.length + 1) < 0),
  );
}
