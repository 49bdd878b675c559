import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { SiteSection } from '../../platform/site-section.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import { namedSecretsSection } from './site-section.ts';
import { openVault, type Vault, type VaultDeps } from './vault.ts';

/** The sealed store and its requests. */
export type SecretsArea = {
  readonly handlers: AreaHandlers<'secrets'>;
  readonly vault: Vault;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  readonly close: () => void;
};

/** What the area is made of. */
export type SecretsDeps = Omit<VaultDeps, 'changed'> & {
  readonly timers: Timers;
  readonly broadcast: Broadcast;
};

/** An import seals hundreds at once; the windows hear of it once. */
const TELL_AFTER_MS = 100;

/** Opens the area. */
export function createSecretsArea({ timers, broadcast, ...deps }: SecretsDeps): SecretsArea {
  let cancelTelling: CancelTimer | null = null;
  const vault: Vault = openVault({
    ...deps,
    changed: () => {
      cancelTelling ??= timers.after(TELL_AFTER_MS, () => {
        cancelTelling = null;
        broadcast('secrets.changed', { state: vault.status().state });
      });
    },
  });
  const done = (result: Result<void>): Result<Record<string, never>> => (result.ok ? ok({}) : result);
  return {
    vault,
    sections: [namedSecretsSection(vault)],
    close: () => cancelTelling?.(),
    handlers: {
      'secrets.status': () => ok(vault.status()),
      'secrets.unlock': async ({ passphrase }) => done(await vault.unlock(passphrase)),
      'secrets.lock': () => done(vault.lock()),
      'secrets.setPassphrase': async ({ passphrase, current }) =>
        done(await vault.setPassphrase(passphrase, current)),
      'secrets.removePassphrase': async ({ current }) => done(await vault.removePassphrase(current)),
      'secrets.put': ({ name, text }) => done(vault.put(name, text)),
      'secrets.remove': ({ name }) => done(vault.remove(name)),
    },
  };
}
