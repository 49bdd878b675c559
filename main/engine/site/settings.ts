import { type SiteSettings, siteSettingsSchema } from '#shared/contract/site.ts';
import type { WritableDb } from '../storage/sqlite.ts';

/** Named values that belong to the site as a whole, kept in console.db. */
export type SettingStore = {
  readonly get: (name: string) => string | null;
  readonly set: (name: string, value: string) => void;
};

/** Opens the table `setting`. */
export function settingStore(db: WritableDb): SettingStore {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM setting WHERE name = ?');
  const write = db.prepare(
    'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  return {
    get: (name) => read.get(name)?.value ?? null,
    set: (name, value) => {
      write.run(name, value);
    },
  };
}

const SITE = 'site';

/** The site's name and classification label; a fresh site is called HMTT. */
export function readSiteSettings(store: SettingStore): SiteSettings {
  const stored = store.get(SITE);
  const parsed = siteSettingsSchema.safeParse(stored === null ? null : JSON.parse(stored));
  return parsed.success ? parsed.data : { siteName: 'HMTT', classification: '' };
}

/** Keeps the site's name and classification label. */
export function writeSiteSettings(store: SettingStore, settings: SiteSettings): void {
  store.set(SITE, JSON.stringify(settings));
}
