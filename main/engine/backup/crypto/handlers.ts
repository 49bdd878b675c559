import type { AreaHandlers } from '#shared/contract/index.ts';
import { appError, err, ok } from '#shared/errors/index.ts';
import type { BackupContext } from '../context.ts';

type KeyHandlers = Pick<
  AreaHandlers<'backup'>,
  Extract<keyof AreaHandlers<'backup'>, `backup.keys.${string}`>
>;

/** The requests about keys. What they are given is never logged. */
export function createKeyHandlers({ keys, broadcast, logger }: BackupContext): KeyHandlers {
  const changed = (): void => broadcast('backup.changed', { plan: '' });
  return {
    'backup.keys.list': () => ok({ keys: [...keys.list()] }),
    'backup.keys.create': async ({ name, passphrase, postQuantum }) => {
      const made = await keys.create(name, passphrase, postQuantum);
      if (made.ok) {
        logger.log('info', 'a key was made', { name });
        changed();
      }
      return made;
    },
    'backup.keys.add': async ({ name, recipient }) => {
      const added = await keys.add(name, recipient);
      if (!added.ok) return added;
      changed();
      return ok({});
    },
    'backup.keys.remove': ({ recipient }) => {
      const removed = keys.remove(recipient);
      if (!removed.ok) return removed;
      changed();
      return ok({});
    },
    'backup.keys.unlock': ({ dirs, ...secret }) => keys.unlock(secret, dirs),
    'backup.keys.lock': ({ lease }) => {
      keys.lock(lease);
      return ok({});
    },
    'backup.keys.test': async ({ recipient, ...secret }) => {
      const tested = await keys.test(secret, recipient);
      logger.log(tested.ok ? 'info' : 'warn', 'a key was tested', {
        ...(tested.ok ? { point: tested.value.pointId } : { code: tested.error.code }),
      });
      changed();
      return tested;
    },
    'backup.keys.split': ({ recipient, of, needed }) => keys.split(recipient, of, needed),
    'backup.keys.sheet': ({ fingerprint, withIdentity, share }) => {
      const key = keys.byFingerprint(fingerprint);
      if (key === null) return err(appError('BACKUP_KEY_MISSING', { recipient: fingerprint }));
      return keys.sheet(key, withIdentity, share);
    },
  };
}
