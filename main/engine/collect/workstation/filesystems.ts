import { type Family, gauge } from './families.ts';

/** One mounted file system. */
export type Mount = {
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
  readonly readonly: boolean;
};

/** What statfs says, or null when it failed or did not answer. */
export type FilesystemSpace = {
  readonly size: number;
  readonly free: number;
  readonly available: number;
  readonly files: number;
  readonly filesFree: number;
};

/** node_exporter's defaults on Linux: these are no places where data is kept. */
const IGNORED_MOUNTS =
  /^\/(dev|proc|run\/credentials\/.+|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)($|\/)/;
const IGNORED_TYPES =
  /^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$/;
const NETWORK_TYPES = /^(nfs\d?|cifs|smb\d?|smbfs|9p|ceph|glusterfs|lustre|afs|fuse\..+)$/;

/** True for a file system whose server may be dead, so that asking it may never return. */
export function mayHang(mount: Mount): boolean {
  return NETWORK_TYPES.test(mount.fstype);
}

/** Reads /proc/self/mounts; a mount point that is mounted over counts once, as the last. */
export function parseMounts(text: string): Mount[] {
  const mounts = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const [device, mountpoint, fstype, options] = line.split(' ').map(unescapeOctal);
    if (device === undefined || mountpoint === undefined || fstype === undefined || options === undefined)
      continue;
    if (IGNORED_MOUNTS.test(mountpoint) || IGNORED_TYPES.test(fstype)) continue;
    mounts.set(mountpoint, { device, mountpoint, fstype, readonly: options.split(',').includes('ro') });
  }
  return [...mounts.values()];
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** File system size, free space, files, and whether it could be asked. */
export function filesystemFamilies(
  rows: readonly { readonly mount: Mount; readonly space: FilesystemSpace | null }[],
): Family[] {
  const labelsOf = ({ device, fstype, mountpoint }: Mount): Record<string, string> => ({
    device,
    fstype,
    mountpoint,
  });
  const pick = (name: string, help: string, value: (space: FilesystemSpace) => number): Family =>
    gauge(
      `node_filesystem_${name}`,
      help,
      rows.flatMap(({ mount, space }) => (space ? [{ labels: labelsOf(mount), value: value(space) }] : [])),
    );
  return [
    pick('size_bytes', 'Filesystem size in bytes.', ({ size }) => size),
    pick('free_bytes', 'Filesystem free space in bytes.', ({ free }) => free),
    pick(
      'avail_bytes',
      'Filesystem space available to non-root users in bytes.',
      ({ available }) => available,
    ),
    pick('files', 'Filesystem total file nodes.', ({ files }) => files),
    pick('files_free', 'Filesystem total free file nodes.', ({ filesFree }) => filesFree),
    gauge(
      'node_filesystem_readonly',
      'Filesystem read-only status.',
      rows.flatMap(({ mount, space }) =>
        space ? [{ labels: labelsOf(mount), value: mount.readonly ? 1 : 0 }] : [],
      ),
    ),
    gauge(
      'node_filesystem_device_error',
      'Whether an error occurred while getting statistics for the given device.',
      rows.map(({ mount, space }) => ({ labels: labelsOf(mount), value: space ? 0 : 1 })),
    ),
  ];
}
