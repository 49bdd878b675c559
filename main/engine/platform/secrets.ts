import { isSealed } from '#shared/contract/secrets.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';

/** Opens secrets at the moment when they are used. */
export type SecretSource = {
  /**
   * The text of a sealed secret.
   *
   * @param place where it is about to be sent, as {@link httpPlace} or the area writes it; '' when it is sent nowhere
   * @returns SECRETS_LOCKED, SECRET_UNKNOWN, SECRET_ELSEWHERE, SECRETS_DAMAGED
   */
  readonly open: (ref: string, place: string) => Result<string>;
  /** The text of a secret that was put under a name. SECRETS_LOCKED, SECRET_UNKNOWN, SECRETS_DAMAGED */
  readonly named: (name: string) => Result<string>;
};

/** To whom the secrets of some settings belong. */
export type SecretOwner = {
  /** `scrape`, `remote`, `channel`, `ssh`, … */
  readonly area: string;
  /** The settings' own id. */
  readonly id: string;
  /** The only place they are sent to. */
  readonly place: string;
};

/** Where a secret stands in settings. */
export type SecretField = {
  /** Dotted, such as `basicAuth.password`. */
  readonly path: string;
  /** False for private keys, which prove something without being sent: they have no place. */
  readonly isSent: boolean;
};

/** Seals what callers give, and forgets what is no longer used. */
export type SecretStore = SecretSource & {
  /**
   * Settings with references in place of the secrets that stand in them; what is sealed for the same place already stays. Does
   * nothing to settings without secrets. Within a transaction of console.db it is part of that.
   *
   * @param fields where secrets stand in them
   * @returns SECRETS_LOCKED, SECRET_UNKNOWN, SECRET_ELSEWHERE
   */
  readonly seal: <T extends object>(
    settings: T,
    fields: readonly SecretField[],
    owner: SecretOwner,
  ) => Result<T>;
  /** Forgets what the owner has sealed, but for what its settings refer to; with null, all of it. */
  readonly settle: (owner: Omit<SecretOwner, 'place'>, settings: object | null) => void;
};

/** Where secrets stand in settings of HTTP clients: scrapes, remote write, webhooks. */
export const HTTP_SECRETS: readonly SecretField[] = [
  { path: 'basicAuth.password', isSent: true },
  { path: 'bearerToken', isSent: true },
  { path: 'tls.key', isSent: false },
];

/** The place of a secret that is sent over HTTP: the origin, without what its server is asked for. */
export function httpPlace(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** The text of a setting: itself, or what is sealed under it. */
export function secretText(source: SecretSource, setting: string, place: string): Result<string> {
  return isSealed(setting) ? source.open(setting, place) : ok(setting);
}

/** A source that has nothing, for whoever works without a data folder. */
export const NO_SECRETS: SecretSource = {
  open: (id) => err(appError('SECRET_UNKNOWN', { id })),
  named: (id) => err(appError('SECRET_UNKNOWN', { id })),
};
