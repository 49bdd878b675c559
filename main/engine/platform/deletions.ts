/** What the engine deletes by itself, as its retention says. */
export type EngineDeletion =
  | 'logs.retention'
  | 'metrics.retention'
  | 'rotation.expired'
  | 'backup.retention'
  | 'dashboards.reports.retention';

/**
 * Notes such a deletion in the audit trail; never throws.
 *
 * @param object what is gone
 * @param why values that say why and how much, by their names
 * @param error why some of it stayed
 */
export type NoteDeletion = (
  action: EngineDeletion,
  object: string,
  why: Readonly<Record<string, string>>,
  error?: { readonly code: string } | null,
) => void;
