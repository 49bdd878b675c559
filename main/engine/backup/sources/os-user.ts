import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';

/** A user of this machine. */
export type OsUser = {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly name: string;
};

const run = promisify(execFile);

/**
 * Looks up a user of this machine as whom a command is to run.
 *
 * @returns null when that is the user of the console; BACKUP_OS_USER_UNUSABLE
 */
export async function osUser(name: string | null): Promise<Result<OsUser | null>> {
  if (name === null) return ok(null);
  const refuse = (
    why: string | { zh: string; en: string },
  ): { readonly ok: false; readonly error: AppError } =>
    err(appError('BACKUP_OS_USER_UNUSABLE', { user: name, why }, { field: 'osUser' }));
  const own = process.geteuid?.();
  if (own === undefined) return refuse({ zh: '此操作系统不支持', en: 'this system has no such thing' });
  try {
    const { stdout } = await run('getent', ['passwd', '--', name], { timeout: 10_000 });
    const [, , uid, gid, , home] = stdout.trim().split(':');
    const user = { name, uid: Number(uid), gid: Number(gid), home: home ?? '/' };
    if (!Number.isInteger(user.uid) || !Number.isInteger(user.gid)) return refuse(stdout.trim());
    if (user.uid === own) return ok(null);
    if (own !== 0)
      return refuse({ zh: '控制台不是以 root 身份运行', en: 'the console does not run as root' });
    return ok(user);
  } catch (thrown) {
    const code = (thrown as { readonly code?: unknown }).code;
    return refuse(code === 2 ? { zh: '没有这个用户', en: 'there is no such user' } : describeThrown(thrown));
  }
}
