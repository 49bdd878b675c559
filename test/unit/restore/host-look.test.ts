import { expect, test } from 'vitest';
import { appError, err, ok } from '#shared/errors/index.ts';
import { HostRefusal } from '../../../main/engine/restore/host/files.ts';
import { lookAtHost } from '../../../main/engine/restore/host/look.ts';
import type { HostPort, HostStat } from '../../../main/engine/restore/host/port.ts';
import type { PlanBasis } from '../../../main/engine/restore/plan-store.ts';
import { RunStopped } from '../../../main/engine/restore/run-stopped.ts';
import type { PointEntry } from '../../../main/engine/restore/types.ts';

/** Looking at many paths of a host before they are planned. */

const basis: PlanBasis = {
  pointId: 'p',
  archives: [],
  place: { kind: 'folder', dir: '/' },
  overwrite: 'always',
  selection: [],
  sources: [],
  host: { login: 'l', givesOwners: false, leading: [] },
};
const stat: HostStat = { type: 'file', size: 3, mode: 0o644, uid: 0, gid: 0, mtimeMs: 0 };

const item = (folder: string) => {
  const target = `${folder}/file`;
  const entry: PointEntry = {
    ...{ type: 'file', path: target.slice(1), size: 4, mode: 0o644, uid: 0, gid: 0 },
    ...{ mtime: '0.000000000', hazard: null },
  };
  return { target, folders: [folder], entry };
};

/** A host with folders, each with a file in it; `find` answers otherwise where it says so. */
async function lookWith(answer: (path: string) => Promise<Awaited<ReturnType<HostPort['find']>> | null>) {
  const asked: string[] = [];
  const port = {
    find: async (path: string) => {
      asked.push(path);
      return (
        (await answer(path)) ??
        ok({ ...stat, type: path.endsWith('/file') ? ('file' as const) : ('directory' as const), link: null })
      );
    },
  } as HostPort;
  const look = await lookAtHost(port, basis);
  if (!look.ok) throw new Error(look.error.code);
  return { look: look.value, asked };
}

test('a folder that the host refuses is left to its own paths; all others are looked at', async () => {
  const refused = err(appError('SSH_REMOTE_FAILED', { host: 'h', what: 'lstat', why: 'Permission denied' }));
  const { look, asked } = await lookWith(async (path) => (path === '/closed' ? refused : null));
  await look.lookAhead?.([item('/closed'), item('/open')]);
  expect(asked).toEqual(['/closed', '/open', '/open/file']);
  // It is told where its path is planned.
  await expect(look.way(['/closed'])).rejects.toBeInstanceOf(HostRefusal);
  expect(await look.way(['/open'])).toBe('real');
  expect(await look.inspect('/open/file', item('/open').entry)).toMatchObject({ type: 'file', size: 3 });
  // Once for all that lies below it, and so is a path that is refused itself.
  expect(asked).toHaveLength(3);
});

test('a host that is out of reach ends looking', async () => {
  const gone = err(appError('SSH_CONNECTION_LOST', { host: 'h', why: 'ECONNRESET' }));
  const { look } = await lookWith(async () => gone);
  await expect(look.lookAhead?.([item('/open')])).rejects.toBeInstanceOf(RunStopped);
});
