import type { ProcFamily, ProcSample } from './families.ts';

/** Mount points that node_exporter leaves out by default (upstream's list; Debian's leaves out /run, /mnt and /media, too). */
const NO_MOUNT =
  /^\/(dev|proc|run\/credentials\/.+|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)($|\/)/;

/** A field of `/proc/self/mounts`: spaces, tabs, newlines and backslashes are written as octal numbers (fstab(5)). */
const unescapeField = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/**
 * Space and inodes of the mounted file systems.
 *
 * @param mounts `/proc/self/mounts`
 * @param space per mount: its point, then fundamental block size, blocks, free, available, inodes, free inodes; or `failed`
 */
export function filesystemFamilies(
  mounts: readonly string[],
  space: readonly string[],
): readonly ProcFamily[] {
  const figures = new Map<string, readonly number[] | null>();
  for (const line of space) {
    const [at = '', ...values] = line.split(' ');
    figures.set(unescapeField(at), values[0] === 'failed' || values.length < 6 ? null : values.map(Number));
  }
  const seen = new Map<string, { readonly labels: ProcSample['labels']; readonly isReadOnly: boolean }>();
  for (const line of mounts) {
    const [device = '', at = '', fstype = '', options = ''] = line.split(' ');
    const mountpoint = unescapeField(at);
    if (!figures.has(mountpoint) || NO_MOUNT.test(mountpoint)) continue;
    // What was mounted last over a point is what is seen there.
    seen.set(mountpoint, {
      labels: { device: unescapeField(device), fstype, mountpoint },
      isReadOnly: options.split(',').includes('ro'),
    });
  }
  const of = (
    name: string,
    value: (values: readonly number[], isReadOnly: boolean) => number,
  ): ProcFamily => ({
    name: `node_filesystem_${name}`,
    type: 'gauge',
    samples: [...seen].flatMap(([mountpoint, { labels, isReadOnly }]) => {
      const values = figures.get(mountpoint) ?? null;
      return values === null ? [] : [{ labels, value: value(values, isReadOnly) }];
    }),
  });
  const at = (values: readonly number[], n: number): number => values[n] ?? Number.NaN;
  return [
    of('size_bytes', (values) => at(values, 0) * at(values, 1)),
    of('free_bytes', (values) => at(values, 0) * at(values, 2)),
    of('avail_bytes', (values) => at(values, 0) * at(values, 3)),
    of('files', (values) => at(values, 4)),
    of('files_free', (values) => at(values, 5)),
    of('readonly', (_, isReadOnly) => Number(isReadOnly)),
    {
      name: 'node_filesystem_device_error',
      type: 'gauge',
      samples: [...seen].map(([mountpoint, { labels }]) => ({
        labels,
        value: Number(figures.get(mountpoint) === null),
      })),
    },
  ];
}
