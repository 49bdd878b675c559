import { basename } from 'node:path';
import { REMOTE_FOLDER, type RemoteSource } from '#shared/contract/backup-sources.ts';
import { appError, ok } from '#shared/errors/index.ts';
import type { BackupArea } from './backup/area.ts';
import { hasAgeName } from './backup/crypto/byte-source.ts';
import type { PointCatalogue } from './restore/types.ts';

/** Folders above the paths of a source, as its archives name them. */
function leadingFolders({ name, paths }: Pick<RemoteSource, 'name' | 'paths'>): readonly string[] {
  return paths.flatMap((path) => {
    const names = path.split('/').filter((one) => one !== '');
    return names.map((_, depth) => [REMOTE_FOLDER, name, ...names.slice(0, depth)].join('/'));
  });
}

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
    leading: (name) => plan(name)?.remotes.flatMap(leadingFolders) ?? [],
    // Tried on each archive of the chain: which key opens which is written nowhere.
    key: () => backup.unlockedKeys(),
    lock: (pointId) => {
      const chain = backup.chain(pointId);
      const sealed = chain.ok ? chain.value.find(({ archivePath }) => hasAgeName(archivePath)) : undefined;
      if (sealed === undefined) return { isEncrypted: false, key: null };
      const isUnlocked = backup.unlockedKeys().identities.length > 0;
      return {
        isEncrypted: true,
        key: isUnlocked ? null : appError('BACKUP_LOCKED', { file: basename(sealed.archivePath) }),
      };
    },
  };
}
