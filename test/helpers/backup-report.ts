import type { RunReport } from '#shared/contract/backup.ts';

/** The report of a run that found nothing to keep. */
export const emptyReport: RunReport = {
  files: 0,
  directories: 0,
  symlinks: 0,
  hardLinks: 0,
  special: 0,
  bytes: 0,
  storedBytes: 0,
  durationMs: 0,
  excluded: 0,
  skipped: [],
  skippedTotal: 0,
};
