import { hostKeySchema, sshLoginSchema } from '#shared/contract/ssh.ts';
import { appError, err } from '#shared/errors/index.ts';
import { absentPaths, documentId, type SiteSection, siteSection, written } from '../platform/site-section.ts';
import type { SshStore } from './store.ts';

/** Logins and trusted host keys as parts of the site document. @param took hears that logins were changed */
export function sshSections(store: SshStore, took: () => void): readonly SiteSection[] {
  return [
    siteSection({
      name: 'sshLogins',
      most: 10_000,
      schema: sshLoginSchema.extend({ id: documentId }),
      key: ({ id }) => id,
      label: ({ name }) => name,
      read: store.logins,
      put: (login, { secrets }) => store.take(login, secrets),
      verify: ({ id }) => {
        const route = store.route(id);
        return route.ok ? null : { ...route.error, field: 'via' };
      },
      warn: ({ auth }) =>
        absentPaths(
          auth.kind === 'key'
            ? [auth.keyFile, auth.passphraseFile]
            : auth.kind === 'password'
              ? [auth.passwordFile]
              : [],
        ),
      reaches: ({ host, port, auth }) => {
        const to = `${host}:${port}`;
        const files =
          auth.kind === 'key'
            ? [auth.keyFile, auth.passphraseFile]
            : auth.kind === 'password'
              ? [auth.passwordFile]
              : [auth.socket];
        return { sendsTo: [], loginFiles: files.map((file) => ({ file, to })) };
      },
      took,
    }),
    siteSection({
      name: 'sshHostKeys',
      most: 50_000,
      schema: hostKeySchema,
      key: ({ host, port, type }) => `${host}:${port} ${type}`,
      read: () => store.keys().map(({ trustedAt: _, ...key }) => key),
      put: (key, { now }) => {
        const known = store.keysOf(key.host, key.port).find(({ type }) => type === key.type);
        // As in the window: a key that has changed is not trusted over the old one.
        if (known !== undefined && known.fingerprint !== key.fingerprint)
          return err(
            appError('SSH_HOST_KEY_CHANGED', { ...key, known: known.fingerprint }, { field: 'fingerprint' }),
          );
        store.trust(key, now);
        return written;
      },
    }),
  ];
}
