import type { BackupKey, KeySecret, KeySheet } from '#shared/contract/backup-encryption.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Catalogue, StoredPlan, StoredPoint } from '../catalogue.ts';
import { ageLibrary } from './age-library.ts';
import { hasAgeName } from './byte-source.ts';
import { isSealed, sealKeyFile } from './key-file.ts';
import type { KeyFile } from './key-on-media.ts';
import type { KeyRing } from './key-ring.ts';
import type { KeyStore, StoredKey } from './key-store.ts';
import { tryKey } from './key-test.ts';
import { fingerprintOf, recipientsProblem } from './recipients.ts';
import { parseShare, splitIdentity } from './shares.ts';
import { type OpenedKey, openKeys } from './unlock.ts';

/** A key is tried once a year. */
const TEST_EVERY_MS = 365 * 86_400_000;

const LEAST_PASSPHRASE = 12;

/** What the keys need from the area. */
export type KeysDeps = {
  readonly store: KeyStore;
  readonly ring: KeyRing;
  readonly catalogue: Catalogue;
  /** Points with the best copy at hand, the one seen last first. */
  readonly points: () => readonly StoredPoint[];
  readonly clock: Clock;
  /** Looks for key files in folders, in a thread: a disk that hangs must not hang the console. */
  readonly findKeyFiles: (dirs: readonly string[]) => Promise<readonly KeyFile[]>;
  /** Work factor of new key files; the format's usual one when left out. */
  readonly workFactor?: number;
};

/** The keys of the site's encrypted plans. */
export class Keys {
  readonly #deps: KeysDeps;
  /** Sheets of split keys, until the next split or the end of the engine; by recipient. */
  readonly #shares = new Map<string, readonly string[]>();

  constructor(deps: KeysDeps) {
    this.#deps = deps;
  }

  /** Every key that was made or named here or is a recipient of a plan. */
  list(): readonly BackupKey[] {
    const stored = this.#deps.store.all();
    const inPlans = this.#deps.catalogue.plans().flatMap(({ spec }) => spec.encryption?.recipients ?? []);
    const unnamed = [...new Set(inPlans)]
      .filter((recipient) => !stored.some((key) => key.recipient === recipient))
      .map((recipient) => ({
        recipient,
        name: null,
        keyFile: null,
        createdAt: null,
        testedAt: null,
        testedPoint: null,
      }));
    return [...stored, ...unnamed].map((key) => this.#describe(key));
  }

  /** Makes an identity, and keeps it sealed by the passphrase only. */
  async create(
    name: string,
    passphrase: string,
    postQuantum: boolean,
  ): Promise<Result<{ recipient: string }>> {
    const { store, clock, workFactor } = this.#deps;
    if (store.byName(name) !== null) return err(appError('BACKUP_KEY_EXISTS', { name }, { field: 'name' }));
    if ([...passphrase].length < LEAST_PASSPHRASE)
      return err(appError('BACKUP_PASSPHRASE_SHORT', { least: LEAST_PASSPHRASE }, { field: 'passphrase' }));
    const { generateHybridIdentity, generateX25519Identity, identityToRecipient } = await ageLibrary();
    const identity = await (postQuantum ? generateHybridIdentity() : generateX25519Identity());
    const recipient = await identityToRecipient(identity);
    const createdAt = clock.now();
    const keyFile = await sealKeyFile({ identity, recipient }, passphrase, createdAt, workFactor);
    store.put({ name, recipient, keyFile, createdAt });
    return ok({ recipient });
  }

  async add(name: string, recipient: string): Promise<Result<object>> {
    const { store, clock } = this.#deps;
    const problem = await recipientsProblem([recipient]);
    if (problem !== null) return err({ ...problem, field: 'recipient' });
    const known = store.byName(name);
    if (known !== null && known.recipient !== recipient)
      return err(appError('BACKUP_KEY_EXISTS', { name }, { field: 'name' }));
    store.put({ name, recipient, keyFile: null, createdAt: clock.now() });
    return ok({});
  }

  remove(recipient: string): Result<object> {
    const { store } = this.#deps;
    const key = store.byRecipient(recipient);
    if (key === null) return err(appError('BACKUP_KEY_MISSING', { recipient }));
    const plans = this.#describe(key).plans;
    // Which archives it opens is written in none of them; an encrypted one that is not older may be one that it opens.
    const hasArchives = this.#deps
      .points()
      .some((point) => hasAgeName(point.archivePath) && point.startedAt >= (key.createdAt ?? 0));
    if (plans.length > 0 || (key.keyFile !== null && hasArchives))
      return err(
        appError('BACKUP_KEY_IN_USE', { name: key.name ?? recipient, plans: plans.join(', ') || '…' }),
      );
    store.remove(recipient);
    return ok({});
  }

  async unlock(
    secret: KeySecret,
    dirs: readonly string[],
  ): Promise<Result<{ lease: string; recipients: string[]; until: number }>> {
    const { ring, store, clock, findKeyFiles } = this.#deps;
    const onMedia = dirs.length === 0 ? [] : await findKeyFiles(dirs);
    const opened = await openKeys(secret, [...this.#files(), ...onMedia]);
    if (!opened.ok) return opened;
    for (const { recipient, file } of opened.value) {
      if (file === null || (store.byRecipient(recipient)?.keyFile ?? null) !== null) continue;
      const name =
        store.byName(file.name) === null ? file.name : `${file.name}.${fingerprintOf(recipient).slice(0, 4)}`;
      store.put({ recipient, name, keyFile: file.text, createdAt: clock.now() });
    }
    const { lease, until } = ring.unlock(opened.value);
    return ok({ lease, until, recipients: opened.value.map(({ recipient }) => recipient) });
  }

  /** The yearly question: does it still open what we have? */
  async test(secret: KeySecret, recipient: string): Promise<Result<{ pointId: string; testedAt: number }>> {
    const { store, catalogue, points, clock } = this.#deps;
    const plans = catalogue
      .plans()
      .filter(({ spec }) => spec.encryption?.recipients.includes(recipient))
      .map(({ spec }) => spec.name);
    const opened = await this.#openOne(secret, recipient);
    if (!opened.ok) return opened;
    const encrypted = points().filter(
      ({ plan, archivePath }) => plans.includes(plan) && hasAgeName(archivePath),
    );
    const tried = await tryKey(opened.value.identity, encrypted);
    if (!tried.ok) return tried;
    const testedAt = clock.now();
    store.setTested(recipient, testedAt, tried.value.pointId);
    return ok({ pointId: tried.value.pointId, testedAt });
  }

  async split(recipient: string, of: number, needed: number): Promise<Result<{ shares: string[] }>> {
    const identity = this.#deps.ring.identityOf(recipient);
    if (identity === null) return err(appError('BACKUP_KEY_NOT_UNLOCKED'));
    const shares = await splitIdentity(identity, recipient, of, Math.min(needed, of));
    this.#shares.set(recipient, shares);
    return ok({ shares: [...shares] });
  }

  /** What is printed on a key sheet: the sealed key file, the identity in clear when it is asked for and unlocked, or one share. */
  sheet(key: BackupKey, withIdentity: boolean, number: number | undefined): Result<KeySheet> {
    const { ring, store } = this.#deps;
    const identity = withIdentity ? ring.identityOf(key.recipient) : null;
    const text = number === undefined ? undefined : this.#shares.get(key.recipient)?.[number - 1];
    const share = text === undefined ? null : parseShare(text);
    if ((withIdentity && identity === null) || (number !== undefined && share === null))
      return err(appError('BACKUP_KEY_NOT_UNLOCKED'));
    return ok({
      key,
      // A sheet of a split key must not carry the key as a whole.
      keyFile: share === null ? (store.byRecipient(key.recipient)?.keyFile ?? null) : null,
      identity: share === null ? identity : null,
      share:
        share === null || text === undefined
          ? null
          : { of: share.of, needed: share.needed, number: share.number, text },
    });
  }

  /** Forgets identities and printed sheets. */
  lock(lease?: string): void {
    this.#deps.ring.lock(lease);
    this.#shares.clear();
  }

  byFingerprint(fingerprint: string): BackupKey | null {
    return this.list().find((key) => key.fingerprint === fingerprint) ?? null;
  }

  /** Key files that belong beside the archives of a plan. */
  filesFor(recipients: readonly string[]): readonly KeyFile[] {
    return this.#files(recipients);
  }

  /**
   * When the keys of an encrypted plan were last tried, and when that is due again. Any one of its keys is enough, so the one
   * tried last counts; nothing for a plan that is not encrypted.
   */
  testOf({ spec, createdAt }: StoredPlan): { keyTestedAt?: number | null; keyTestDueAt?: number } {
    if (spec.encryption === null) return {};
    const keys = spec.encryption.recipients.map((recipient) => this.#deps.store.byRecipient(recipient));
    const tested = keys.flatMap((key) => key?.testedAt ?? []);
    const since = Math.max(createdAt, ...tested, ...keys.flatMap((key) => key?.createdAt ?? []));
    return {
      keyTestedAt: tested.length === 0 ? null : Math.max(...tested),
      keyTestDueAt: since + TEST_EVERY_MS,
    };
  }

  async #openOne(secret: KeySecret, recipient: string): Promise<Result<OpenedKey>> {
    const files = secret.identity === undefined ? this.#files([recipient]) : [];
    const opened = await openKeys(secret, files);
    if (!opened.ok) return opened;
    const found = opened.value.find((key) => key.recipient === recipient);
    return found === undefined
      ? err(appError('BACKUP_KEY_WRONG', { file: fingerprintOf(recipient) }))
      : ok(found);
  }

  #files(recipients?: readonly string[]): readonly KeyFile[] {
    return this.#deps.store
      .all()
      .flatMap(({ recipient, name, keyFile }) =>
        keyFile !== null && isSealed(keyFile) && (recipients === undefined || recipients.includes(recipient))
          ? [{ name: name ?? fingerprintOf(recipient), text: keyFile }]
          : [],
      );
  }

  #describe(key: StoredKey): BackupKey {
    const { catalogue, clock, ring } = this.#deps;
    const plans = catalogue
      .plans()
      .filter(({ spec }) => spec.encryption?.recipients.includes(key.recipient))
      .map(({ spec, createdAt }) => ({ name: spec.name, createdAt }));
    const since = key.testedAt ?? key.createdAt ?? plans[0]?.createdAt ?? null;
    const testDueAt = since === null || plans.length === 0 ? null : since + TEST_EVERY_MS;
    return {
      name: key.name,
      recipient: key.recipient,
      fingerprint: fingerprintOf(key.recipient),
      hasKeyFile: key.keyFile !== null,
      plans: plans.map(({ name }) => name),
      createdAt: key.createdAt,
      testedAt: key.testedAt,
      testedPoint: key.testedPoint,
      testDueAt,
      isTestOverdue: testDueAt !== null && testDueAt < clock.now(),
      unlockedUntil: ring.unlockedUntil(key.recipient),
    };
  }
}
