import type { Broadcast } from '#shared/contract/index.ts';
import type { Problem } from '#shared/contract/site.ts';
import { type ChannelsArea, createChannelsArea } from './channels/area.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { SecretStore } from './platform/secrets.ts';
import type { Timers } from './platform/timers.ts';
import { readSiteSettings, settingStore } from './site/settings.ts';
import type { WritableDb } from './storage/sqlite.ts';

/** Builds the channels of this site over the areas that they ask. */
export function openChannels(deps: {
  readonly db: WritableDb;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
  readonly watching: boolean;
  readonly problems: () => readonly Problem[];
  readonly apiUrl: () => string | null;
}): ChannelsArea {
  const settings = settingStore(deps.db);
  return createChannelsArea({
    ...deps,
    logger: deps.logger.child('channels'),
    site: () => readSiteSettings(settings),
    externalUrl: () => deps.apiUrl() ?? '',
    // The ledger keeps what was open before a restart until it has looked again.
    firing: () => new Set(deps.problems().map(({ id }) => id)),
    sending: deps.watching,
  });
}
