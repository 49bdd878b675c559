import type { Migration } from '../migrations.ts';

/** Tables of the area `logs` in console.db. */
export const logsMigration: Migration = {
  version: 3,
  up: (db) => {
    db.exec('');
  },
};
