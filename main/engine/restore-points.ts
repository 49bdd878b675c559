import { ok } from '#shared/errors/index.ts';
import type { BackupArea } from './backup/area.ts';
import type { PointCatalogue } from './restore/types.ts';

/** The catalogue of the backup area, as the restore area asks for it. */
export function restorePoints(backup: BackupArea): PointCatalogue {
  const plan = (name: string) => backup.plans().find((one) => one.name === name) ?? null;
  return {
    find: backup.findPoint,
    chain: (pointId) => {
      const chain = backup.chain(pointId);
      if (!chain.ok) return chain;
      return ok(
        chain.value.map(({ id, archivePath, manifestSha256 }) => ({
          archivePath,
          manifestSha256,
          copies: backup
            .copiesOf(id)
            .filter(({ state, path }) => (state === 'intact' || state === 'broken') && path !== archivePath)
            .toSorted((a, b) => Number(a.state === 'broken') - Number(b.state === 'broken'))
            .map(({ path }) => path),
        })),
      );
    },
    rtoMs: backup.rtoMs,
    rpoMs: (name) => plan(name)?.rpoMs ?? null,
    sources: (name) => plan(name)?.sources ?? [],
    key: () => null,
    lock: () => ({ isEncrypted: false, key: null }),
  };
}
