import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { RawPath } from '../../platform/raw-path.ts';
import { type Accounts, localAccounts, unknownOwners } from '../owners.ts';
import type { PlanBasis } from '../plan-store.ts';
import type { SpaceNeed, SpaceTally } from '../space-tally.ts';
import type { TargetLook } from '../target-look.ts';
import { HostAhead, type Wanted } from './ahead.ts';
import { answered, asOnHost, HostRefusal, hostGuard, inspectOnHost, mayBeSame } from './files.ts';
import type { HostPort } from './port.ts';

/** Looks at a host for a plan. RESTORE_OWNER_UNKNOWN for mappings to users that the host does not have. */
export async function lookAtHost(port: HostPort, basis: PlanBasis): Promise<Result<TargetLook>> {
  const { owners, host } = basis;
  const needsNames =
    owners?.mode === 'names' || (owners?.users.length ?? 0) + (owners?.groups.length ?? 0) > 0;
  const accounts = needsNames ? await accountsOf(port) : { users: new Map(), groups: new Map() };
  const unknown = owners === undefined ? [] : unknownOwners(owners, accounts);
  if (unknown.length > 0) return err(appError('RESTORE_OWNER_UNKNOWN', { names: unknown.join(', ') }));
  const guard = hostGuard(port, true);
  const ahead = new HostAhead(port);
  return ok({
    accounts,
    givesOwners: host?.givesOwners === true && owners?.mode !== 'current',
    asThere: asOnHost,
    way: guard.look,
    lookAhead: async (items) => {
      const wanted: Wanted[] = [];
      // A folder that is missing is asked for once, and not for everything in it.
      for (const { target, folders, entry } of items)
        try {
          if ((await guard.look(folders)) === 'real')
            wanted.push({ target, needsHash: (now) => mayBeSame(now, entry) });
        } catch (thrown) {
          // A folder that the host refuses is refused again when its item is planned, and told there, for this one path.
          if (!(thrown instanceof HostRefusal)) throw thrown;
        }
      await ahead.look(wanted);
    },
    inspect: async (target, entry) => {
      const now = await ahead.standing(target);
      return now === null
        ? null
        : inspectOnHost(port, target, entry, now, (size) => ahead.hash(target, size));
    },
    tally: hostTally(port),
    mounts: () => [],
  });
}

const MOST_ACCOUNTS = 4 << 20;

/** Users and groups that the host knows by name; nobody, when it does not let us read them. */
async function accountsOf(port: HostPort): Promise<Accounts> {
  const texts = new Map<string, string>();
  for (const path of ['/etc/passwd', '/etc/group']) {
    const file = await port.openToRead(path);
    if (!file.ok) continue;
    const read = await port.read(file.value, 0, MOST_ACCOUNTS);
    await port.close(file.value);
    if (read.ok) texts.set(path, Buffer.from(read.value).toString('utf8'));
  }
  return localAccounts((path) => texts.get(path) ?? '');
}

/** Adds up what a plan writes to each file system of a host. */
export function hostTally(port: HostPort): SpaceTally {
  const devices = new Map<RawPath, string>();
  const needs = new Map<string, { at: string; neededBytes: number; freeBytes: number }>();

  const deviceOf = async (folder: RawPath): Promise<string> => {
    const known = devices.get(folder);
    if (known !== undefined) return known;
    const found = await port.space(folder);
    // Not there yet (or not to be looked at): the one above decides. A host that tells nothing has room, as far as we know.
    let device = '?';
    if (found.ok && found.value !== null) {
      const { device: id, freeBytes } = found.value;
      device = id;
      if (!needs.has(id)) needs.set(id, { at: folder, neededBytes: 0, freeBytes });
    } else if (found.ok || folder === '/') {
      if (!needs.has('?')) needs.set('?', { at: folder, neededBytes: 0, freeBytes: Number.MAX_SAFE_INTEGER });
    } else {
      if (found.error.code !== 'SSH_REMOTE_FAILED') answered(found);
      device = await deviceOf(folder.slice(0, folder.lastIndexOf('/')) || '/');
    }
    devices.set(folder, device);
    return device;
  };

  return {
    add: async (target, bytes) => {
      const device = await deviceOf(target.slice(0, target.lastIndexOf('/')) || '/');
      const need = needs.get(device);
      if (need) need.neededBytes += bytes;
    },
    places: (): readonly SpaceNeed[] =>
      [...needs].map(([device, need]) => ({ device: `host:${device}`, ...need, at: need.at.toWellFormed() })),
  };
}
