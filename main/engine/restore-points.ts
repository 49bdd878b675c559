import type { BackupArea } from './backup/area.ts';
import type { PointCatalogue } from './restore/types.ts';

/** The catalogue of the backup area, as the restore area asks for it. */
export function restorePoints(backup: BackupArea): PointCatalogue {
  const plan = (name: string) => backup.plans().find((one) => one.name === name) ?? null;
  return {
    find: backup.findPoint,
    chain: backup.chain,
    rtoMs: backup.rtoMs,
    rpoMs: (name) => plan(name)?.rpoMs ?? null,
    sources: (name) => plan(name)?.sources ?? [],
    key: () => null,
    lock: () => ({ isEncrypted: false, key: null }),
  };
}
