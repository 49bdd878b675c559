import { notifyConfigSchema } from '#shared/contract/notify-config.ts';
import { appError } from '#shared/errors/index.ts';
import { documentId, type SiteSection, siteSection, written } from '../../platform/site-section.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { checkConfig } from './check-config.ts';
import { type ConfigStore, openConfigStore } from './config-store.ts';
import type { NotifyOutbox } from './ports.ts';
import { keptMaintenance, matchersFault, type Silences, scheduleRefusal } from './silences.ts';

/** What the sections are made of. */
export type NotifySectionsDeps = {
  readonly db: WritableDb;
  readonly config: ConfigStore;
  readonly silences: Silences;
  readonly knownNow: NotifyOutbox['knownNow'];
  /** Hears that something was changed that decides. */
  readonly changed: () => void;
};

/** Who is told of what, and planned work, as parts of the site document. Silences are not: they are about what is wrong today. */
export function notifySections({
  db,
  config,
  silences,
  knownNow,
  changed,
}: NotifySectionsDeps): readonly SiteSection[] {
  return [
    siteSection({
      name: 'notification',
      most: 1,
      schema: notifyConfigSchema,
      key: () => 'notification',
      // What the console brings along is no setting of anybody.
      read: () => (config.isDefault() ? [] : [config.routing().config]),
      put: (wanted, { now }) => {
        openConfigStore(db, () => undefined).set(wanted, now);
        return written;
      },
      verify: (wanted) => {
        const [first] = checkConfig(wanted, knownNow());
        return first === undefined
          ? null
          : { ...appError('NOTIFY_CONFIG_WRONG', { count: 1 }), message: first.text, field: first.path };
      },
      took: () => {
        config.reread();
        changed();
      },
    }),
    siteSection({
      name: 'maintenances',
      most: 5_000,
      schema: keptMaintenance.extend({ id: documentId }),
      key: ({ id }) => id,
      label: ({ name }) => name,
      read: silences.keptMaintenances,
      check: ({ matchers, schedule }) => {
        const refused = matchersFault(matchers) ?? scheduleRefusal(schedule);
        return refused === null || refused.ok ? null : refused.error;
      },
      put: (maintenance) => {
        db.prepare(
          `INSERT INTO notify_document (kind, id, body) VALUES ('maintenance', ?, ?)
           ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body`,
        ).run(maintenance.id, JSON.stringify(maintenance));
        return written;
      },
      took: () => {
        silences.reread();
        changed();
      },
    }),
  ];
}
