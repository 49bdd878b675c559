import { posix } from 'node:path';
import type { RestorePlan } from '#shared/contract/restore.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { ReadyFacts } from '../ready-check.ts';
import { wordsOf } from './files.ts';
import type { HostLogin, HostPort, RestoreHosts } from './port.ts';

/** The host of a restore, and the folder there. */
export type HostPlace = { readonly login: HostLogin; readonly dir: string };

/**
 * Where on a host a restore writes to. NOT_FOUND for a login that is none, RESTORE_TARGET_RELATIVE for a folder that is not written in
 * full.
 */
export function hostPlace(hosts: RestoreHosts, loginId: string, dir: string | null): Result<HostPlace> {
  const login = hosts.logins().find(({ id }) => id === loginId);
  if (login === undefined) return err(appError('NOT_FOUND', { what: 'SSH login', id: loginId }));
  if (dir === null || !dir.startsWith('/') || dir.split('/').includes('..') || dir.includes('\0'))
    return err(appError('RESTORE_TARGET_RELATIVE', { dir: dir ?? '' }));
  const clean = posix.normalize(dir);
  return ok({ login, dir: clean === '/' ? clean : clean.replace(/\/+$/, '') });
}

/** Only a host's root can give files away. */
export function givesOwnersOn(login: Pick<HostLogin, 'user'> | undefined): boolean {
  return login?.user === 'root';
}

/** A host as plans and evidence name it. */
export function describeHost({ login }: HostPlace): NonNullable<RestorePlan['host']> {
  return { login: login.id, name: login.name, address: `${login.user}@${login.host}` };
}

/** Whether a folder of a host (or the nearest one above that exists) can be looked at, and what is free there. */
export async function lookAtHostTarget(
  hosts: RestoreHosts,
  loginId: string,
  dir: string | null,
  signal: AbortSignal,
): Promise<ReadyFacts['target']> {
  const place = hostPlace(hosts, loginId, dir);
  if (!place.ok) return { dir: dir ?? '', why: place.error.message.en, freeBytes: 0 };
  const looked = await hosts.use(loginId, null, signal, (port) => lookAt(port, place.value.dir));
  const shown = `${place.value.login.name}:${place.value.dir}`;
  return looked.ok
    ? { dir: shown, ...looked.value }
    : { dir: shown, why: looked.error.message.en, freeBytes: 0 };
}

async function lookAt(
  port: HostPort,
  dir: string,
): Promise<Result<Pick<ReadyFacts['target'], 'why' | 'freeBytes'>>> {
  for (let at = dir; ; at = posix.dirname(at)) {
    const found = await port.find(at);
    if (!found.ok) return found.error.code === 'SSH_REMOTE_FAILED' ? no(wordsOf(found.error)) : found;
    if (found.value === null && at !== '/') continue;
    if (found.value?.type === 'file' || found.value?.type === 'other') return no('ENOTDIR');
    const space = await port.space(at);
    if (!space.ok) return space.error.code === 'SSH_REMOTE_FAILED' ? no(wordsOf(space.error)) : space;
    if (space.value?.isReadOnly === true) return no('EROFS');
    return ok({ why: null, freeBytes: space.value?.freeBytes ?? Number.MAX_SAFE_INTEGER });
  }
}

const no = (why: string): Result<{ why: string; freeBytes: number }> => ok({ why, freeBytes: 0 });
