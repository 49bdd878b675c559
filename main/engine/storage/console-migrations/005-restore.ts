import type { Migration } from '../migrations.ts';

/** Tables of the area `restore` in console.db. */
export const restoreMigration: Migration = {
  version: 5,
  up: (db) => {
    db.exec('');
  },
};
