import { basename, dirname, join } from 'node:path';
import type { BackupType } from '#shared/contract/backup.ts';

/** The files of a restore point. */
export type PointPaths = {
  readonly archive: string;
  readonly manifest: string;
  readonly sums: string;
};

/**
 * Names a point's files. The name is for people; programs read the manifest.
 *
 * @param startedAt UTC milliseconds
 * @param isEncrypted whether archive and manifest are age files
 */
export function pointPaths(
  dir: string,
  plan: string,
  type: BackupType,
  startedAt: number,
  id: string,
  suffix: 'zst' | 'gz',
  isEncrypted = false,
): PointPaths {
  const time = new Date(startedAt).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  const stem = join(dir, `${plan}.${time}.${type}.${id.slice(0, 8)}`);
  const age = isEncrypted ? '.age' : '';
  return {
    archive: `${stem}.tar.${suffix}${age}`,
    manifest: `${stem}.manifest.ndjson.${suffix}${age}`,
    sums: `${stem}.sha256`,
  };
}

/** What a file is called until it is complete, verified and on the disk. */
export function partName(final: string): string {
  return `${final}.part`;
}

/** True for names that archives have (encrypted ones included). */
export function isArchiveName(name: string): boolean {
  return /\.tar\.(zst|gz)(\.age)?$/.test(name);
}

/** The manifest file that belongs beside an archive. */
export function manifestNameOf(archive: string): string {
  return join(
    dirname(archive),
    basename(archive).replace(/\.tar\.(zst|gz)(\.age)?(\.part)?$/, '.manifest.ndjson.$1$2$3'),
  );
}

/** The `sha256sum` file that belongs beside an archive or its manifest file. */
export function sumsNameOf(file: string): string {
  return join(
    dirname(file),
    basename(file).replace(/\.(tar|manifest\.ndjson)\.(zst|gz)(\.age)?$/, '.sha256'),
  );
}
