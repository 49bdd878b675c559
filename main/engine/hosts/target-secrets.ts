import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import { isSealed } from '#shared/contract/secrets.ts';
import { err, ok, type Result } from '#shared/errors/index.ts';
import type { Logger } from '../platform/logger.ts';
import { HTTP_SECRETS, httpPlace, type SecretStore, secretText } from '../platform/secrets.ts';
import { scrub } from '../storage/scrub.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import type { HostStore, StoredTarget } from './host-store.ts';

/** Area of the secrets of targets in the sealed store. */
const AREA = 'scrape';

/** The secrets of targets, on their way into the sealed store and out of it. */
export type TargetSecrets = {
  /** Targets with references in place of their secrets. @returns what sealing is refused with; nothing is to be written then */
  readonly seal: (targets: readonly StoredTarget[]) => Result<readonly StoredTarget[]>;
  /** Forgets what a target has sealed and no longer uses; all of it when it is gone. */
  readonly settle: (id: string, kept: ScrapeConfig | null) => void;
  /**
   * Targets as a list from outside names them, so that both can be compared: with the texts of their secrets. What cannot be opened
   * now stays a reference.
   */
  readonly open: (targets: readonly StoredTarget[]) => StoredTarget[];
  /** Seals what older versions kept in clear, and wipes it off the disk. */
  readonly sealKept: (targets: readonly StoredTarget[]) => readonly StoredTarget[];
};

const placeOf = ({ scheme, address }: ScrapeConfig): string => httpPlace(`${scheme}://${address}`);

/** Takes secrets out of a copy of console.db that was made before they were sealed. */
const WITHOUT_SECRETS = [
  `UPDATE scrape_target SET config = json_remove(config, '$.basicAuth.password', '$.bearerToken')`,
];

/** Makes the way of the targets' secrets. */
export function targetSecrets(parts: {
  readonly secrets: SecretStore;
  readonly store: HostStore;
  readonly db: WritableDb;
  readonly logger: Logger;
  readonly now: () => number;
}): TargetSecrets {
  const { secrets, store, db, logger, now } = parts;
  const seal: TargetSecrets['seal'] = (targets) => {
    const sealed: StoredTarget[] = [];
    for (const target of targets) {
      const { id, config } = target;
      const result = secrets.seal(config, HTTP_SECRETS, { area: AREA, id, place: placeOf(config) });
      if (!result.ok) return err(result.error);
      sealed.push(result.value === config ? target : { ...target, config: result.value });
    }
    return ok(sealed);
  };
  return {
    seal,
    settle: (id, kept) => secrets.settle({ area: AREA, id }, kept),
    open: (targets) => targets.map((target) => ({ ...target, config: openConfig(secrets, target.config) })),
    sealKept: (targets) => {
      const inClear = targets.filter(({ config }) => hasPlain(config));
      if (inClear.length === 0) return targets;
      const sealed = seal(inClear);
      if (!sealed.ok) {
        logger.log('warn', 'secrets of targets are not sealed yet', { code: sealed.error.code });
        return targets;
      }
      store.change((write) => {
        for (const target of sealed.value) write.putTarget(target, now());
      });
      scrub(db, WITHOUT_SECRETS);
      logger.log('info', 'sealed secrets of targets', { targets: inClear.length });
      const byId = new Map(sealed.value.map((target) => [target.id, target]));
      return targets.map((target) => byId.get(target.id) ?? target);
    },
  };
}

function hasPlain({ basicAuth, bearerToken, tls }: ScrapeConfig): boolean {
  return [basicAuth?.password, bearerToken, tls?.key].some(
    (text) => text !== undefined && text !== '' && !isSealed(text),
  );
}

function openConfig(secrets: SecretStore, config: ScrapeConfig): ScrapeConfig {
  const { basicAuth, bearerToken } = config;
  const open = (text: string): string => {
    const opened = secretText(secrets, text, placeOf(config));
    return opened.ok ? opened.value : text;
  };
  return {
    ...config,
    ...(basicAuth?.password === undefined
      ? {}
      : { basicAuth: { ...basicAuth, password: open(basicAuth.password) } }),
    ...(bearerToken === undefined ? {} : { bearerToken: open(bearerToken) }),
  };
}
