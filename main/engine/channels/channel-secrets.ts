import type { ChannelSettings } from '#shared/contract/channel-settings.ts';
import type { Channel } from '#shared/contract/channels.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { HTTP_SECRETS, httpPlace, type SecretField, type SecretStore } from '../platform/secrets.ts';

/** Area of the secrets of channels in the sealed store. */
const AREA = 'channel';
const FIELDS: readonly SecretField[] = [{ path: 'login.password', isSent: true }, ...HTTP_SECRETS];

/** The only place that a channel's password or token is sent to. */
export function channelPlace(settings: ChannelSettings): string {
  switch (settings.type) {
    case 'smtp':
      return `smtp://${settings.host}:${settings.port}`;
    case 'webhook':
    case 'alertmanager':
      return httpPlace(settings.url);
    default:
      // The others send no secret; a private key has no place.
      return '';
  }
}

/** A channel with references in place of its secrets. @returns what sealing is refused with */
export function sealChannel(secrets: SecretStore, channel: Channel): Result<Channel> {
  const { id, settings } = channel;
  const sealed = secrets.seal(settings, FIELDS, { area: AREA, id, place: channelPlace(settings) });
  return sealed.ok
    ? ok(sealed.value === settings ? channel : { ...channel, settings: sealed.value })
    : sealed;
}

/** Forgets what a channel has sealed and no longer uses; all of it when it is gone. */
export function settleChannel(secrets: SecretStore, id: string, kept: Channel | null): void {
  secrets.settle({ area: AREA, id }, kept);
}
