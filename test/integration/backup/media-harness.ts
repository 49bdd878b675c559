import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Medium } from '#shared/contract/backup-media.ts';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { Job } from '#shared/contract/jobs.ts';
import type { AppError } from '#shared/errors/index.ts';
import { type MountedImage, mountedImage } from '../../helpers/mounted-image.ts';
import { callContext, type Harness, openHarness, scratch, value } from './harness.ts';

/** A site with media: an area that looks for media under `DIR/mnt`, and what tests ask of it. */
export type MediaSite = {
  readonly dir: string;
  readonly harness: Harness;
  /** A file system of its own under `DIR/mnt`; unmounted when the test ends. */
  readonly disk: (name: string, megabytes?: number) => MountedImage;
  readonly label: (root: string, label: string, more?: object) => Promise<Medium>;
  readonly list: () => Promise<RequestOutput<'backup.media.list'>>;
  /** Copies to a target to the end; a refusal is thrown. */
  readonly copy: (to: string | undefined, more?: object) => Promise<Job>;
  /** The error with which a copy is refused or fails; null when it succeeds. */
  readonly copyError: (to: string, more?: object) => Promise<AppError | null>;
  readonly points: () => Promise<RequestOutput<'backup.points.list'>['points']>;
};

/** Opens a site in a new folder, or again in one of a test before. */
export function mediaSite(dir?: string): MediaSite {
  const place = dir === undefined ? scratch('media') : null;
  const home = dir ?? place?.dir ?? '';
  mkdirSync(join(home, 'mnt'), { recursive: true });
  const harness = openHarness(home, { mediaPlaces: { parents: [join(home, 'mnt')], roots: [] } });
  const disks: MountedImage[] = [];
  onTestFinished(async () => {
    await harness.close();
    for (const disk of disks) disk.unmount(true);
    place?.remove();
  });
  const { handlers } = harness.area;
  const start = async (to: string | undefined, more: object = {}) =>
    handlers['backup.copy'](
      { name: 'p', all: false, bytesPerSecond: null, ...(to === undefined ? {} : { to }), ...more },
      callContext,
    );
  const copy: MediaSite['copy'] = async (to, more) => {
    const { jobIds } = value(await start(to, more));
    const jobs = await Promise.all(jobIds.map((id) => harness.jobs.ended(id)));
    const [job] = jobs;
    if (job === undefined) throw new Error('no job');
    return jobs.find(({ error }) => error !== null) ?? job;
  };
  return {
    dir: home,
    harness,
    disk: (name, megabytes = 32) => {
      const disk = mountedImage(home, name, megabytes);
      disks.push(disk);
      return disk;
    },
    label: async (root, label, more = {}) =>
      value(
        await handlers['backup.media.label'](
          { root, label, pool: 'usb', location: '', anyFolder: false, ...more },
          callContext,
        ),
      ),
    list: async () => value(await handlers['backup.media.list']({}, callContext)),
    copy,
    copyError: async (to, more) => {
      const started = await start(to, more);
      if (!started.ok) return started.error;
      const [id] = started.value.jobIds;
      return id === undefined ? null : (await harness.jobs.ended(id)).error;
    },
    points: async () => value(await handlers['backup.points.list']({}, callContext)).points,
  };
}
