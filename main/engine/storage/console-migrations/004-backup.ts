import type { Migration } from '../migrations.ts';

/** Tables of the area `backup` in console.db. */
export const backupMigration: Migration = {
  version: 4,
  up: (db) => {
    db.exec('');
  },
};
