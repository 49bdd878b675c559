import { dirname, join } from 'node:path';
import { openVault, type Vault } from '../../main/engine/access/secrets/vault.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import type { WritableDb } from '../../main/engine/storage/sqlite.ts';
import { silentLogger } from './silent-logger.ts';

/** A passphrase that costs little, for tests. */
export const LOW_COST = { memoryKiB: 64, passes: 1, lanes: 1 };

/** The sealed store over a console.db of a test, guarded by a file beside it. */
export function newVault(db: WritableDb): Vault {
  return openVault({
    db,
    keyFile: join(dirname(db.name), 'secrets.key'),
    clock: systemClock,
    logger: silentLogger,
    changed: () => undefined,
    cost: LOW_COST,
  });
}
