import type { Migration } from '../migrations.ts';

/** Tables of the area `alerts` in console.db. */
export const alertsMigration: Migration = {
  version: 6,
  up: (db) => {
    db.exec('');
  },
};
