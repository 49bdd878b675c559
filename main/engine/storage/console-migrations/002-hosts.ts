import type { Migration } from '../migrations.ts';

/** Tables of the area `hosts` in console.db. */
export const hostsMigration: Migration = {
  version: 2,
  up: (db) => {
    db.exec('');
  },
};
